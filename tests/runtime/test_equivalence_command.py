"""`covetpy-migrate test --equivalence` on the example shop: migrated, planned, and damaged."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHOP = HERE.parents[1] / "examples" / "legacy_shop"
CLI = os.environ.get("COVET_BINARY", "")

FACTORY = """
from flask import Blueprint, Flask, jsonify, request

pages = Blueprint("pages", __name__)
notes = []


@pages.route("/notes")
def all_notes():
    return jsonify(notes)


@pages.route("/notes", methods=["POST"])
def add_note():
    notes.append({"text": request.get_json()["text"]})
    return jsonify(notes), 201


def create_app(name):
    app = Flask(name)
    app.register_blueprint(pages)
    return app
"""

ENTRY = """
from notes import create_app

app = create_app("production")

if __name__ == "__main__":
    app.run()
"""


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="covet-equivalence-test-")
        self.addCleanup(folder.cleanup)
        self.base = Path(folder.name)
        self.shop = self.base / "shop"
        shutil.copytree(SHOP, self.shop)

    def run_cli(self, *arguments):
        environment = {**os.environ, "XDG_STATE_HOME": str(self.base / "state")}
        environment.pop("DATABASE_URL", None)
        return subprocess.run([CLI, *arguments], cwd=self.base, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=600)

    def compare(self, *arguments):
        done = self.run_cli("test", str(self.shop), "--equivalence", "--python", str(HERE / "python"), "--format", "json",
                            *arguments)
        self.assertIn(done.returncode, (0, 3), done.stderr + done.stdout)
        report = json.loads(done.stdout)
        self.assertEqual(report["equal"], done.returncode == 0)
        return report

    def assert_equal(self, report):
        shown = [f"{d['request']['method']} {d['request']['path']} {d['details']}" for d in report["differences"]]
        self.assertEqual(shown, [])
        self.assertIsNone(report["stopped"])
        # A test that asks nothing proves nothing.
        statuses = {status for route in report["routes"] for status in route["statuses"]}
        self.assertLessEqual({"200", "201", "204", "400", "404", "409"}, statuses)

    def test_planned_migration(self):
        before = sorted(self.shop.rglob("*"))
        self.assert_equal(self.compare())
        self.assertEqual(before, sorted(self.shop.rglob("*")))

    def test_module_in_a_folder_that_serves_when_it_is_imported(self):
        shutil.rmtree(self.shop)
        shutil.copytree(HERE / "apps" / "flask_pages_shop", self.shop / "src")
        (self.shop / "exercises").mkdir()
        (self.shop / "exercises" / "test.py").write_text("import pytest\nfrom src.shop import app\n")
        report = self.compare("--max-requests", "60")
        self.assertEqual(report["differences"], [])
        self.assertIsNone(report["stopped"])
    def test_factory_that_the_program_calls_with_an_argument(self):
        shutil.rmtree(self.shop)
        (self.shop / "notes").mkdir(parents=True)
        (self.shop / "notes" / "__init__.py").write_text(FACTORY)
        (self.shop / "run.py").write_text(ENTRY)
        report = self.compare("--max-requests", "60")
        self.assertEqual(report["differences"], [])
        self.assertIsNone(report["stopped"])
        self.assertTrue(report["legacy"]["command"].endswith("run:app"), report["legacy"]["command"])

    def test_after_a_run_and_after_damage(self):
        done = self.run_cli("run", str(self.shop), "--url", "sqlite:///shop.db", "--yes", "--vendor-runtime")
        self.assertEqual(done.returncode, 0, done.stderr)
        database = (self.shop / "shop.db").read_bytes()
        report = self.compare()
        self.assert_equal(report)
        self.assertIn("before run", report["legacy"]["origin"])
        self.assertEqual(database, (self.shop / "shop.db").read_bytes())

        catalog = self.shop / "catalog.py"
        text = catalog.read_text()
        self.assertIn('"Product not found"', text)
        catalog.write_text(text.replace('"Product not found"', '"No product"'))
        report = self.compare("--max-requests", "800")
        self.assertFalse(report["equal"])
        self.assertIn({"part": "body", "where": "$.error", "legacy": '"Product not found"', "migrated": '"No product"'},
                      [detail for difference in report["differences"] for detail in difference["details"]])
        self.assertTrue(all("/products/" in d["request"]["path"] for d in report["differences"]))


if __name__ == "__main__":
    if not CLI:
        sys.exit("set COVET_BINARY to the program under test")
    unittest.main()
