"""`database --normalize`: nested values in tables of their own, and back again."""

import json
import os
import sqlite3

from support import CliCase, main

APP = '''from flask import Flask, jsonify
from data import orders, carts

app = Flask(__name__)


@app.route("/orders")
def list_orders():
    return jsonify(orders)


@app.route("/carts")
def list_carts():
    return jsonify(carts)


@app.route("/carts/<name>", methods=["POST"])
def new_cart(name):
    carts[name] = [{"sku": "a", "count": 1}]
    return jsonify(carts[name]), 201
'''

ORDERS = [
    {"id": 1, "tags": ["new", "gift"], "items": [{"sku": "a", "count": 2, "notes": ["x", "y"]}, {"sku": "b", "count": 1, "notes": []}],
     "address": {"street": "Long 1", "zip": "0123", "geo": {"lat": 1.5, "lon": -2.0}}, "labels": {"en": "one", "de": "eins"},
     "grid": [[1, 2], [], [3]], "mixed": [1, "a"], "nothing": [], "total": 5},
    {"id": 2, "tags": [], "items": [], "address": None, "labels": {}, "grid": [], "mixed": [], "nothing": [], "total": 7},
    {"id": 5, "tags": ["gift", "gift"], "items": [{"sku": "a", "count": 3, "notes": ["z"]}],
     "address": {"street": "", "zip": "9", "geo": {"lat": 0.0, "lon": 0.0}}, "labels": {"fr": "cinq"}, "grid": [[]], "mixed": [],
     "nothing": [], "total": 9},
]
CARTS = {"ann": [{"sku": "a", "count": 1}], "bob": [], "": [{"sku": "b", "count": 2}, {"sku": "b", "count": 2}]}


class Normalize(CliCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", APP)
        self.write("data.py", "orders = %r\n\ncarts = %r\n" % (ORDERS, CARTS))
        self.file = os.path.join(self.base, "shop.db")

    def load(self, *more):
        return self.run_cli("database", self.project, "--url", "sqlite:///" + self.file, "--normalize", "--yes", "--no-backup", *more)

    def rows(self, table, order=""):
        connection = sqlite3.connect(self.file)
        connection.row_factory = sqlite3.Row
        found = [dict(row) for row in connection.execute("SELECT * FROM %s %s" % (table, order))]
        connection.close()
        return found

    def children(self, table, parent, key):
        return [row for row in self.rows(table, "ORDER BY row_id") if row[parent] == key]

    def orders(self):
        made = []
        for row in self.rows("orders", "ORDER BY id"):
            key = row["id"]
            address = None
            for found in self.rows("order_address", "WHERE order_id = %d" % key):
                geo = self.rows("order_address_geo", "WHERE order_address_order_id = %d" % key)
                address = {"street": found["street"], "zip": found["zip"], "geo": {"lat": geo[0]["lat"], "lon": geo[0]["lon"]}}
            made.append({
                "id": key,
                "tags": [tag["value"] for tag in self.children("order_tags", "order_id", key)],
                "items": [{"sku": item["sku"], "count": item["count"],
                           "notes": [note["value"] for note in self.children("order_item_notes", "order_item_id", item["row_id"])]}
                          for item in self.children("order_items", "order_id", key)],
                "address": address,
                "labels": {label["key"]: label["value"] for label in self.children("order_labels", "order_id", key)},
                "grid": [[cell["value"] for cell in self.children("order_grid_items", "order_grid_id", line["row_id"])]
                         for line in self.children("order_grid", "order_id", key)],
                "mixed": json.loads(row["mixed"]), "nothing": json.loads(row["nothing"]), "total": row["total"]})
        return made

    def test_every_value_can_be_read_back(self):
        done = self.load()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.orders(), ORDERS)
        carts = {row["name"]: [{"sku": item["sku"], "count": item["count"]} for item in self.children("cart_items", "cart_name", row["name"])]
                 for row in self.rows("carts", "ORDER BY position")}
        self.assertEqual(list(carts.items()), list(CARTS.items()))

    def test_places_and_references_are_kept(self):
        self.load()
        self.assertEqual([row["position"] for row in self.rows("order_tags", "ORDER BY row_id")], [1, 2, 1, 2])
        connection = sqlite3.connect(self.file)
        connection.execute("PRAGMA foreign_keys = ON")
        with self.assertRaises(sqlite3.IntegrityError):
            connection.execute("DELETE FROM orders WHERE id = 1")
        with self.assertRaises(sqlite3.IntegrityError):
            connection.execute("INSERT INTO order_tags (order_id, position, value) VALUES (1, 2, 'again')")
        connection.close()

    def test_what_has_no_shape_stays_a_document_and_says_why(self):
        shown = self.run_cli("database", self.project, "--normalize", "--emit", "json")
        columns = {column["name"]: column for table in json.loads(shown.stdout)["schema"]["tables"] if table["name"] == "orders"
                   for column in table["columns"]}
        self.assertEqual(columns["mixed"]["type"], "json")
        self.assertIn("stays a document: their elements are of different types", columns["mixed"]["evidence"])
        self.assertIn("all lists are empty", columns["nothing"]["evidence"])
        self.assertNotIn("tags", columns)

    def test_verification_and_a_second_run_know_the_tables(self):
        self.load()
        self.assertIn("nothing to do", self.load().stdout)
        self.assertEqual(self.run_cli("verify", self.project, "--url", "sqlite:///" + self.file).returncode, 0)
        connection = sqlite3.connect(self.file)
        connection.execute("UPDATE order_item_notes SET value = 'Z' WHERE value = 'z'")
        connection.commit()
        connection.close()
        found = self.run_cli("verify", self.project, "--url", "sqlite:///" + self.file)
        self.assertEqual(found.returncode, 3)
        self.assertIn("order_item_notes.value", found.stdout)

    def test_undo_takes_all_of_it_back(self):
        self.load()
        done = self.run_cli("rollback", self.project)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertFalse(os.path.exists(self.file))


NOTES = [
    {"id": 1, "tags": ["x", None, "y"], "marks": [None, None], "logs": [{"at": 1}], "names": {"a": 1}, "parts": {"p1": {"n": 1}, "p2": None},
     "lines": {"l1": [1, 2], "l2": None, "l3": []}, "mixed": [{"at": 1}, None], "nested": [[1], None], "more": ["q"]},
    {"id": 2, "tags": None, "marks": [None], "logs": None, "names": None, "parts": {}, "lines": None, "mixed": [], "nested": [], "more": []},
    {"id": 3, "tags": [], "marks": [], "logs": [], "names": {}, "parts": {"p3": {"n": 3}}, "lines": {}, "mixed": [], "nested": []},
    {"id": 4, "tags": ["z"], "marks": [], "logs": [{"at": 2}], "names": {}, "parts": {"p1": None}, "lines": {}, "mixed": [], "nested": [],
     "more": []},
]
LOGS = {"a": ["x"], "b": None, "c": []}


class NoneInside(Normalize):
    """None, nothing and not there are three things, in lists and in their place."""

    def setUp(self):
        CliCase.setUp(self)
        self.write("app.py", APP.replace("orders", "notes").replace("carts", "logs"))
        self.write("data.py", "notes = %r\n\nlogs = %r\n" % (NOTES, LOGS))
        self.file = os.path.join(self.base, "shop.db")

    def notes(self):
        made = []
        for row in self.rows("notes", "ORDER BY id"):
            key = row["id"]
            extra = json.loads(row["extra"] or "{}")
            values = {
                "id": key,
                "tags": [tag["value"] for tag in self.children("note_tags", "note_id", key)],
                "marks": [None if mark["value"] in (None, "null") else mark["value"] for mark in self.children("note_marks", "note_id", key)],
                "logs": [{"at": log["at"]} for log in self.children("note_logs", "note_id", key)],
                "names": {name["key"]: name["value"] for name in self.children("note_names", "note_id", key)},
                "parts": {}, "lines": {},
                "mixed": json.loads(row["mixed"]), "nested": json.loads(row["nested"]),
                "more": [more["value"] for more in self.children("note_more", "note_id", key)]}
            for part in self.children("note_parts", "note_id", key):
                found = self.rows("note_part_value", "WHERE note_part_id = %d" % part["row_id"])
                values["parts"][part["key"]] = {"n": found[0]["n"]} if found else None
            for line in self.children("note_lines", "note_id", key):
                cells = [cell["value"] for cell in self.children("note_line_value", "note_line_id", line["row_id"])]
                values["lines"][line["key"]] = json.loads(line["extra"] or "{}").get("values", {}).get("value", cells)
            if not values["more"]:
                del values["more"]  # some records lack it: the document tells of the others
            if "keys" in extra:
                values = {name: values.get(name, []) for name in extra["keys"]}
            values.update(extra.get("values", {}))
            made.append(values)
        return made

    def test_every_value_can_be_read_back(self):
        done = self.load()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.notes(), NOTES)

    def test_what_has_no_shape_stays_a_document_and_says_why(self):
        shown = self.run_cli("database", self.project, "--normalize", "--emit", "json")
        tables = {table["name"]: {column["name"]: column for column in table["columns"]} for table in json.loads(shown.stdout)["schema"]["tables"]}
        self.assertIn("some of their elements are None", tables["notes"]["mixed"]["evidence"])
        self.assertIn("some of their elements are None", tables["notes"]["nested"]["evidence"])
        self.assertIn("some rows hold None", tables["logs"]["value"]["evidence"])
        self.assertTrue(tables["note_tags"]["value"]["nullable"])
        self.assertTrue(tables["note_marks"]["value"]["nullable"])

    def test_places_and_references_are_kept(self):
        self.load()
        self.assertEqual([row["position"] for row in self.rows("note_tags", "ORDER BY row_id")], [1, 2, 3, 1])

    def test_verification_and_a_second_run_know_the_tables(self):
        self.load()
        self.assertIn("nothing to do", self.load().stdout)
        self.assertEqual(self.run_cli("verify", self.project, "--url", "sqlite:///" + self.file).returncode, 0)


if __name__ == "__main__":
    main()
