#!/usr/bin/env python3
"""Infers the schemas of databases.py and more_databases.py back from their rows as Python literals, and counts what was found.

Each database is written as a module of lists and as one of dicts by key, with an application that looks
records up by their keys and with one that only lists them. Fails when a figure is below what is wanted.

A primary key counts as found when it is the table's, or unique where the table has a made-up one.
Usage: measure.py BINARY [--verbose]
"""
import argparse
import datetime
import json
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from databases import DATABASES
from more_databases import MORE_DATABASES

WANTED = {"primary keys": 1.0, "types": 0.95, "NOT NULL": 1.0, "foreign keys": 0.9}
TEXTS = ("text", "varchar")


def literal(value):
    if isinstance(value, Decimal):
        return "Decimal('%s')" % value
    if isinstance(value, UUID):
        return "UUID('%s')" % value
    if isinstance(value, datetime.datetime):
        return repr(value).replace("datetime.", "", 1).replace("datetime.timezone", "timezone")
    if isinstance(value, (datetime.date, datetime.time)):
        return repr(value).replace("datetime.", "", 1)
    return repr(value)


def record(row):
    return "{%s}" % ", ".join("%r: %s" % (name, literal(value)) for name, value in row.items())


def write(folder, tables, form, lookups):
    """The project; `form` "lists" or "dicts", `lookups` whether handlers look records up."""
    data = ["from datetime import date, datetime, time, timezone", "from decimal import Decimal", "from uuid import UUID", ""]
    app = ["from flask import Flask, jsonify", "from data import " + ", ".join(table.name for table in tables), "", "app = Flask(__name__)"]
    for table in tables:
        keyed = form == "dicts" and len(table.key) == 1
        data.append("%s = %s" % (table.name, "{" if keyed else "["))
        for row in table.rows:
            data.append("    %s%s," % (literal(row[table.key[0]]) + ": " if keyed else "", record(row)))
        data += ["}" if keyed else "]", ""]
        every = "list(%s.values())" % table.name if keyed else table.name
        app += ["", "", "@app.route('/%s')" % table.name, "def list_%s():" % table.name, "    return jsonify(%s)" % every]
        if not lookups or len(table.key) > 1:
            continue
        whole = isinstance(table.rows[0][table.key[0]], int)
        app += ["", "", "@app.route('/%s/<%skey>')" % (table.name, "int:" if whole else ""), "def get_%s(key):" % table.name]
        if keyed:
            app += ["    if key not in %s:" % table.name, "        return jsonify({'error': 'not found'}), 404",
                    "    return jsonify(%s[key])" % table.name]
        else:
            app += ["    for row in %s:" % table.name, "        if row[%r] == key:" % table.key[0], "            return jsonify(row)",
                    "    return jsonify({'error': 'not found'}), 404"]
    (folder / "data.py").write_text("\n".join(data) + "\n")
    (folder / "app.py").write_text("\n".join(app) + "\n")


class Count:
    def __init__(self):
        self.found, self.wanted, self.extra = 0, 0, 0

    def add(self, good):
        self.wanted += 1
        self.found += bool(good)

    def share(self):
        """Of what was wanted; where something may be found too much, F1."""
        return 2 * self.found / max(1, 2 * self.found + self.extra + self.wanted - self.found)

    def __str__(self):
        return "%d of %d%s: %.3f" % (self.found, self.wanted, ", %d too much" % self.extra if self.extra else "", self.share())


def plain(kind):
    kind = kind.split("(")[0]
    return "text" if kind in TEXTS else kind


def compare(tables, schema, counts, say):
    inferred = {table["name"]: table for table in schema["tables"]}
    for table in tables:
        found = inferred.get(table.name)
        if found is None:
            say("no table %s" % table.name)
        columns = {column["name"]: column for column in found["columns"]} if found else {}
        keys = ([found["primary_key"]] + found["uniques"] + [i["columns"] for i in found["indexes"] if i["unique"]]) if found else []
        isKey = sorted(table.key) in [sorted(key) for key in keys]
        counts["primary keys"].add(isKey)
        if not isKey:
            say("%s: key %s, found %s" % (table.name, table.key, keys))
        for name, kind, nullable in table.columns:
            column = columns.get(name)
            same = column is not None and plain(column["type"]) == kind
            counts["types"].add(same)
            if not same:
                say("%s.%s: %s, found %s" % (table.name, name, kind, column and column["type"]))
            counts["NOT NULL"].add(column is not None and column["nullable"] == nullable)
            if column is not None and column["nullable"] != nullable:
                say("%s.%s: nullable %s" % (table.name, name, column["nullable"]))
        references = {(key["columns"][0], key["references"]["table"], key["references"]["columns"][0])
                      for key in found["foreign_keys"]} if found else set()
        for reference in sorted(table.references):
            counts["foreign keys"].add(reference in references)
            if reference not in references:
                say("%s: no reference %s -> %s.%s" % ((table.name,) + reference))
        for reference in sorted(references - table.references):
            counts["foreign keys"].extra += 1
            say("%s: reference %s -> %s.%s too much" % ((table.name,) + reference))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    failed = []
    for form, lookups in (("lists", True), ("dicts", True), ("lists", False)):
        total = {name: Count() for name in WANTED}
        for name, make in {**DATABASES, **MORE_DATABASES}.items():
            with tempfile.TemporaryDirectory(prefix="covet-inference.") as folder:
                tables = make()
                write(Path(folder), tables, form, lookups)
                done = subprocess.run([arguments.binary, "database", folder, "--emit", "json"], capture_output=True, text=True)
                if done.returncode != 0:
                    sys.exit("%s: %s" % (name, done.stderr))
                compare(tables, json.loads(done.stdout)["schema"], total,
                        lambda text: arguments.verbose and print("    %s.%s" % (name, text)))
        title = "%s, %s" % (form, "looked up by key" if lookups else "only listed")
        for name, count in total.items():
            print("%-24s %-14s %s" % (title, name, count))
            if count.share() < WANTED[name]:
                failed.append("%s: %s %.3f, wanted %.2f" % (title, name, count.share(), WANTED[name]))
    if failed:
        sys.exit("\n".join(failed))


if __name__ == "__main__":
    main()
