"""Data that does not get into the database: `database` and `run` say which, why, and with which exit code."""

import json
import os
import sqlite3

from support import CliCase, main, snapshot

HEAD = """from flask import Flask, jsonify, request

app = Flask(__name__)
"""
ITEMS = """
items = [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]


@app.route("/items")
def list_items():
    return jsonify(items)
"""
# A generator may outlive the request: the list stays in memory.
VISITS = """
visits = [{"id": 1, "page": "/"}]%s


@app.route("/visits", methods=["POST"])
def add_visit():
    visits.append(request.json)
    yield str(len(visits))
"""
# What is in it is known only when it runs.
STARTS = """
import time

starts = [{"id": 1, "at": time.time_ns()}]


@app.route("/starts", methods=["POST"])
def add_start():
    starts.append({"id": 2, "at": request.json["at"]})
    return jsonify(starts)
"""


class Left(CliCase):
    def app(self, *parts):
        self.write("app.py", HEAD + "".join(parts))
        self.file = os.path.join(self.base, "x.db")
        return "sqlite:///" + self.file

    def tables(self):
        with sqlite3.connect(f"file:{self.file}?mode=ro", uri=True) as connection:
            return {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}

    def test_all_data_moves(self):
        url = self.app(ITEMS)
        done = self.ok("database", self.project, "--url", url, "--yes")
        self.assertNotIn("Not moved", done.stdout)
        self.assertNotIn("warning", done.stderr)
        self.assertEqual(self.json("database", self.project, "--emit", "json")["left"], [])

    def test_none_of_it_moves(self):
        url = self.app(VISITS % "")
        before = snapshot(self.project)
        for more in (["--yes"], ["--dry-run"], ["--yes", "--quiet"]):
            done = self.fails(2, "database", self.project, "--url", url, *more, message="visits stays in memory (")
            self.assertIn("app.py:5", done.stderr)
            self.assertNotIn("nothing to do", done.stdout)
        self.fails(2, "run", self.project, "--url", url, "--yes", message="visits stays in memory (")
        self.assertFalse(os.path.exists(self.file))
        self.assert_untouched(before)

    def test_a_part_moves(self):
        url = self.app(ITEMS, VISITS % "")
        shown = self.ok("database", self.project)
        self.assertIn("Not moved\n  app.py:12: visits stays in memory (", shown.stdout)
        for attempt in ("created", "again"):
            done = self.run_cli("database", self.project, "--url", url, "--yes")
            self.assertEqual(done.returncode, 10, done.stderr)
            self.assertIn("Not moved\n  app.py:12: visits", done.stdout)
            self.assertIn("warning: the data of 1 store is not in the database", done.stderr)
            self.assertIn("items", self.tables(), attempt)
        dry = self.run_cli("database", self.project, "--url", url, "--dry-run", "--format", "json")
        self.assertEqual(dry.returncode, 10)
        left = json.loads(dry.stdout)["run"]["left"]
        self.assertEqual([(entry["file"], entry["line"], entry["rule"], entry["counts"]) for entry in left],
                         [("app.py", 12, "COV207", True)])
        self.assertTrue(left[0]["hint"])

    def test_run_leaves_what_goes_on_working_and_says_so(self):
        url = self.app(ITEMS, VISITS % "")
        done = self.ok("run", self.project, "--url", url, "--yes")
        self.assertIn("warning: the data of 1 store is not in the database", done.stderr)
        self.ok("run", self.project, "--url", url, "--yes")

    def test_rows_that_are_not_known(self):
        url = self.app(ITEMS, STARTS)
        done = self.run_cli("database", self.project, "--url", url, "--yes")
        self.assertEqual(done.returncode, 10, done.stderr)
        self.assertIn("the rows of starts are made by their own code", done.stdout)
        self.assertIn("starts", self.tables())

    def test_the_code_of_a_run_makes_rows_that_are_not_known(self):
        url = self.app(ITEMS, STARTS)
        done = self.ok("run", self.project, "--url", url, "--yes")
        self.assertNotIn("Not moved", done.stdout)

    def test_what_is_accepted_does_not_count(self):
        url = self.app(ITEMS, VISITS % "  # covet: ignore[COV207] may be lost at a restart")
        done = self.ok("database", self.project, "--url", url, "--yes")
        self.assertIn("visits stays in memory", done.stdout)
        self.assertIn("as you have accepted", done.stdout)

    def test_a_phase_without_data(self):
        url = self.app(ITEMS)
        self.fails(2, "database", self.project, "--url", url, "--yes", "--phase", "1", message="leave out --phase")
        self.ok("run", self.project, "--url", url, "--yes", "--phase", "1")

    def test_nothing_to_move_is_no_error(self):
        url = self.app()
        done = self.ok("database", self.project, "--url", url, "--yes")
        self.assertIn("nothing to do", done.stdout)


if __name__ == "__main__":
    main()
