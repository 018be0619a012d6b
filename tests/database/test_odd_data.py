"""Data that is unlike what databases are used to: it comes back as Python holds it, or is refused with its place."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import servers

APP = '''from flask import Flask, jsonify

app = Flask(__name__)

{data}
'''
ROUTE = '''

@app.route("/{store}")
def list_{store}():
    return jsonify({store})
'''
# Names that SQLite has for its own, names that become one table's, tuples for rows.
DATA = {
    "items": 'items = [{"rowid": 5, "name": "a"}, {"rowid": 2, "name": "b"}]',
    "others": 'others = [{"id": 1, "rowid": "x", "oid": 3, "_rowid_": 4}, {"id": 2, "rowid": "y", "oid": 1, "_rowid_": 2}]',
    "user": 'user = [{"id": 1, "items": [{"id": 7, "n": 2}]}, {"id": 2, "items": []}]',
    "users": 'users = [{"id": 9}]',
    "User": 'User = [{"id": 8}]',
    "user_items": 'user_items = [{"id": 1, "tags": ["t"]}]',
    "points": 'points = [(1, 2, "a"), (3, 4, "b")]\npoints.append((5, 6, "c"))',
}


class OddData(servers.ServerCase):
    def write(self, stores):
        with open(os.path.join(self.project, "app.py"), "w") as file:
            file.write(APP.format(data="\n".join(stores.values())) + "".join(ROUTE.format(store=store) for store in stores))
        os.remove(os.path.join(self.project, "data.py"))

    def check(self, kind):
        server = self.server(kind)
        self.write(DATA)
        for options in ([], ["--normalize"]):
            url = self.fresh(server)
            arguments = self.load_args(url) + options
            done = self.ok(*arguments)
            self.assertIn("0 differences", done.stdout)
            before = server.tables(url)
            quote = "`" if kind == "mysql" else '"'
            names = ", ".join(quote + name + quote for name in ("rowid", "name"))
            self.assertEqual(server.sql(url, f"SELECT {names} FROM items ORDER BY row_id"), ["5\ta", "2\tb"])
            expected = {"points", "items", "others"} | ({"user_items_2", "user_item_tags"} if options else set())
            self.assertLessEqual(expected, set(before))
            again = self.ok(*arguments)
            self.assertIn("nothing", (again.stdout + again.stderr).lower())
            self.assertEqual(server.tables(url), before)
            self.ok("verify", self.project, "--url", url)
            self.ok("rollback", self.project, "--url", url)
            self.assertEqual(server.tables(url), [])
            server.drop(url)

    def test_sqlite(self):
        self.check("sqlite")

    def test_postgres(self):
        self.check("postgresql")

    def test_mysql(self):
        self.check("mysql")

    def test_values_that_no_column_holds_are_named(self):
        server = self.server("sqlite")
        for value, named in (("Decimal('NaN')", "`Decimal('NaN')`"), ("range(3)", "`a range`"), ("complex(1, 2)", "`complex(1, 2)`"),
                             ("datetime(2020, 1, 1, fold=1)", "fold=1"), ("Way.UP | Way.DOWN", "`Way.UP | Way.DOWN`")):
            imports = "from datetime import datetime\nfrom decimal import Decimal\nfrom enum import IntFlag\n\n\nclass Way(IntFlag):\n    UP = 1\n    DOWN = 2\n\n\n"
            servers.write_project(self.project, 1)
            self.write({"items": f"{imports}items = [{{'id': 1, 'v': {value}}}]"})
            url = self.fresh(server)
            done = self.run_cli(*self.load_args(url))
            said = done.stdout + done.stderr
            self.assertEqual(done.returncode, 2, said)
            self.assertIn("opaque-values", said)
            self.assertIn(named, said)
            self.assertEqual(server.tables(url), [])

    def test_a_refusal_names_the_place(self):
        server = self.server("mysql")
        self.write({"days": "import datetime\n\ndays = [{'id': 1, 'day': datetime.date(33, 4, 3)}]"})
        url = self.fresh(server)
        done = self.run_cli(*self.load_args(url))
        self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        self.assertIn("app.py:7: days.day of id=1: MySQL does not store years before 1000", done.stderr)
        self.assertEqual(server.tables(url), [])
        server.drop(url)


if __name__ == "__main__":
    servers.main()
