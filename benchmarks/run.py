#!/usr/bin/env python3
"""Measures the release binary against the tools that databases bring along; see README.md.

Started by `make bench` through tests/database/run.sh, which runs the servers.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

WORDS = "alpha bravo charlie delta echo foxtrot golf hotel".split()
COLUMNS = "id customer_id status note total paid placed_at units".split()
APP = """from flask import Flask, jsonify
from data import orders

app = Flask(__name__)


@app.route("/orders")
def list_orders():
    return jsonify(orders)


@app.route("/orders/<int:order_id>")
def get_order(order_id):
    for order in orders:
        if order["id"] == order_id:
            return jsonify(order)
    return jsonify({"error": "not found"}), 404
"""


def rows(count):
    chance = random.Random(7)
    for number in range(1, count + 1):
        note = " ".join(chance.choice(WORDS) for _ in range(4))
        moment = "2024-%02d-%02dT%02d:%02d:%02d" % (chance.randrange(1, 13), chance.randrange(1, 29), chance.randrange(24),
                                                   chance.randrange(60), chance.randrange(60))
        yield (number, chance.randrange(1, 50000), chance.choice(WORDS), note, round(chance.random() * 1000, 2),
               chance.random() < 0.5, moment, chance.randrange(1, 100))


def make_project(folder, count):
    """A project with `count` rows in data.py, and the same rows as rows.tsv and rows.jsonl."""
    folder.mkdir(parents=True)
    (folder / "app.py").write_text(APP)
    with open(folder / "data.py", "w") as module, open(folder / "rows.tsv", "w") as table, \
            open(folder / "rows.jsonl", "w") as lines:
        module.write("orders = [\n")
        for row in rows(count):
            record = dict(zip(COLUMNS, row))
            module.write("    %r,\n" % record)
            lines.write(json.dumps(record) + "\n")
            table.write("\t".join(str(int(value)) if isinstance(value, bool) else str(value) for value in row) + "\n")
        module.write("]\n")


def measured(command, **options):
    """Seconds, peak memory in MB, and the finished process."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if status != 0:
        sys.exit("%s failed:\n%s" % (command[0], output[-3000:]))
    return seconds, usage.ru_maxrss / 1024, output


def migrate(binary, project, url):
    """Loads the project; seconds of the steps and peak memory."""
    seconds, memory, output = measured([binary, "database", str(project), "--url", url, "--yes", "--no-backup",
                                        "--progress", "json"])
    steps = {}
    for line in output.splitlines():
        if line.startswith('{"event":"end"'):
            event = json.loads(line)
            steps[event["step"]] = steps.get(event["step"], 0) + event["seconds"]
    return seconds, memory, steps


def show(what, figure, against, ratio, wanted):
    print("%-44s %12s %14s %8s   %s" % (what, figure, against, ratio, wanted), flush=True)


def show_load(name, steps, memory, against, wanted):
    load, verify = steps["load"], steps["verify"]
    show("%s: load" % name, "%.2f s" % load, "%.2f s" % against if against else "-",
         "%.2f" % (load / against) if against else "", wanted)
    show("%s: verify / load" % name, "%.2f s" % verify, "%.2f s" % load, "%.2f" % (verify / load), "<= 0.35")
    show("%s: peak memory" % name, "%.0f MB" % memory, "", "", "")


def new_database(url, name):
    """The administrator's URL with a database of its own."""
    parts = urlsplit(url)
    if parts.scheme == "postgresql":
        subprocess.run(["psql", "-q", url, "-c", "CREATE DATABASE " + name], check=True)
    else:
        subprocess.run(mariadb(parts) + ["-e", "CREATE DATABASE " + name], check=True, env=mariadb_environment(parts))
    return parts._replace(path="/" + name).geturl()


def mariadb(parts, database=None):
    return ["mariadb", "--protocol=tcp", "-h", parts.hostname, "-P", str(parts.port), "-u", parts.username,
            "--local-infile=1"] + ([database] if database else [])


def mariadb_environment(parts):
    return dict(os.environ, MYSQL_PWD=unquote(parts.password))


def definition(url, table):
    """The table as the load made it."""
    parts = urlsplit(url)
    name = parts.path[1:]
    if parts.scheme == "postgresql":
        text = subprocess.run(["pg_dump", "--schema-only", "--no-owner", "-t", table, url], check=True,
                              capture_output=True, text=True).stdout
        return "\n".join(line for line in text.splitlines() if not line.startswith("\\"))
    shown = subprocess.run(mariadb(parts, name) + ["-N", "-r", "-e", "SHOW CREATE TABLE `%s`" % table], check=True,
                           capture_output=True, text=True, env=mariadb_environment(parts)).stdout
    return shown.split("\t", 1)[1]


def bench_postgres(binary, work, project, url):
    ours = new_database(url, "ours")
    _, memory, steps = migrate(binary, project, ours)
    theirs = new_database(url, "theirs")
    text = definition(ours, "orders")
    names = subprocess.run(["psql", "-Atq", ours, "-c", "SELECT string_agg(quote_ident(column_name), ',' ORDER BY "
                            "ordinal_position) FROM information_schema.columns WHERE table_name = 'orders'"],
                           check=True, capture_output=True, text=True).stdout.strip()
    data = positioned(project / "rows.tsv", names)
    tables, _, keys = text.partition("ALTER TABLE ONLY")
    script = work / "copy.sql"
    script.write_text("BEGIN;\n%s\n\\copy public.orders (%s) FROM '%s'\n%s\nANALYZE public.orders;\nCOMMIT;\n"
                      % (tables, names, data, "ALTER TABLE ONLY" + keys if keys else ""))
    against, _, _ = measured(["psql", "-q", "-v", "ON_ERROR_STOP=1", theirs, "-f", str(script)])
    show_load("PostgreSQL", steps, memory, against, "<= 1.3 of \\copy")


def positioned(path, names):
    """The rows with the column that keeps their order, when the table has one."""
    extra = len(names.split(",")) - len(COLUMNS)
    if extra == 0:
        return path
    target = path.with_suffix(".positioned")
    with open(path) as source, open(target, "w") as out:
        for number, line in enumerate(source, 1):
            out.write(line.rstrip("\n") + ("\t%d" % number) * extra + "\n")
    return target


def bench_mariadb(binary, work, project, url):
    ours = new_database(url, "ours")
    _, memory, steps = migrate(binary, project, ours)
    parts = urlsplit(new_database(url, "theirs"))
    text = definition(ours, "orders")
    count = text.count("\n  `")
    data = positioned(project / "rows.tsv", ",".join(["x"] * count))
    script = "%s; LOAD DATA LOCAL INFILE '%s' INTO TABLE orders" % (text.rstrip("; \n"), data)
    against, _, _ = measured(mariadb(parts, "theirs") + ["-e", script], env=mariadb_environment(parts))
    show_load("MariaDB", steps, memory, against, "<= 1.3 of LOAD DATA")


def bench_sqlite(binary, work, project, _):
    _, memory, steps = migrate(binary, project, "sqlite:////%s/ours.db" % str(work)[1:])
    against = None
    if shutil.which("sqlite-utils"):
        against, _, _ = measured(["sqlite-utils", "insert", str(work / "theirs.db"), "orders", str(project / "rows.jsonl"),
                                  "--nl", "--pk", "id"])
    show_load("SQLite", steps, memory, against, "<= 0.10 of sqlite-utils")


def bench_reading(binary, work, _, __):
    project = work / "reading"
    make_project(project, 160000)
    size = (project / "data.py").stat().st_size / 1e6
    ours, memory, _ = measured([binary, "database", str(project)])
    theirs, their_memory, _ = measured([sys.executable, "-B", "-c", "import data"], cwd=project)
    show("reading %.0f MB of Python" % size, "%.2f s" % ours, "%.2f s" % theirs, "%.2f" % (ours / theirs),
         "<= 1.0 of CPython")
    show("reading: peak memory", "%.0f MB" % memory, "%.0f MB" % their_memory, "%.2f" % (memory / their_memory), "")


def bench_memory(binary, work, project, _):
    small, large = work / "small", work / "large"
    make_project(small, 100000)
    make_project(large, 300000)
    growth = ((large / "data.py").stat().st_size - (small / "data.py").stat().st_size) / 1e6
    _, first, _ = migrate(binary, small, "sqlite:////%s/small.db" % str(work)[1:])
    _, second, _ = migrate(binary, large, "sqlite:////%s/large.db" % str(work)[1:])
    show("memory of 100 000 and 300 000 rows", "%.0f MB" % second, "%.0f MB" % first,
         "%.2f" % ((second - first) / growth), "growth per MB of text")


def bench_tables(binary, work, _, url):
    project = work / "tables"
    project.mkdir()
    lines = ["from flask import Flask, jsonify", "", "app = Flask(__name__)"]
    for table in range(500):
        lines.append("things_%d = [%s]" % (table, ", ".join('{"id": %d, "name": "n%d"}' % (i, i) for i in range(1, 11))))
    for table in range(500):
        lines += ["", "@app.route('/things_%d')" % table, "def list_%d():" % table, "    return jsonify(things_%d)" % table]
    (project / "app.py").write_text("\n".join(lines) + "\n")
    for name, target in (("PostgreSQL", new_database(url["postgresql"], "many")), ("MariaDB", new_database(url["mysql"], "many")),
                         ("SQLite", "sqlite:////%s/many.db" % str(work)[1:])):
        seconds, _, steps = migrate(binary, project, target)
        show("500 tables: %s, load and verify" % name, "%.2f s" % (steps["load"] + steps["verify"]), "",
             "%.2f s whole" % seconds, "< 5 s")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--only", default="reading,sqlite,postgresql,mariadb,memory,tables")
    arguments = parser.parse_args()
    url = {"postgresql": os.environ["COVET_TEST_POSTGRES_URL"], "mysql": os.environ["COVET_TEST_MYSQL_URL"]}
    chosen = arguments.only.split(",")
    binary = str(Path(arguments.binary).resolve())
    with tempfile.TemporaryDirectory(prefix="covet-bench.") as name:
        work = Path(name)
        project = work / "rows"
        if {"sqlite", "postgresql", "mariadb"} & set(chosen):
            make_project(project, arguments.rows)
        print("%d rows; load %s" % (arguments.rows, " ".join("%.1f" % load for load in os.getloadavg())))
        show("what", "here", "against", "ratio", "wanted")
        for what, bench, target in (("reading", bench_reading, None), ("sqlite", bench_sqlite, None),
                                    ("postgresql", bench_postgres, url["postgresql"]),
                                    ("mariadb", bench_mariadb, url["mysql"]), ("memory", bench_memory, None),
                                    ("tables", bench_tables, url)):
            if what in chosen:
                bench(binary, work, project, target)


if __name__ == "__main__":
    main()
