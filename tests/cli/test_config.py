"""The project's own configuration: what it says is done, and what it cannot say is refused with file and line."""

import json
import os
import sqlite3

from support import CliCase, main
from test_selection import TWO_STORES

PRICED = '''from fastapi import FastAPI

app = FastAPI()
goods = [{"id": 1, "code": "a", "price": 2.5}, {"id": 2, "code": "b", "price": 19.99}]


@app.get("/goods")
def list_goods():
    return goods


@app.post("/goods")
def add_good(data: dict):
    goods.append({"id": len(goods) + 1, "code": data["code"], "price": data["price"]})
    return goods[-1]
'''


class Configuration(CliCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", TWO_STORES)

    def rules(self):
        return {f["rule"] for f in self.json("analyze", self.project)["findings"]}

    def test_own_file_and_pyproject_say_the_same(self):
        self.assertIn("COV109", self.rules())
        self.write("covetpy-migrate.toml", 'ignore = ["COV109"]\n')
        own = self.rules()
        os.remove(os.path.join(self.project, "covetpy-migrate.toml"))
        self.write("pyproject.toml", '[tool.other]\nx = 1\n\n[tool.covetpy-migrate]\nignore = ["COV109"]\n')
        self.assertEqual(own, self.rules())
        self.assertNotIn("COV109", own)

    def test_both_are_refused(self):
        self.write("covetpy-migrate.toml", "")
        self.write("pyproject.toml", "[tool.covetpy-migrate]\n")
        self.fails(1, "analyze", self.project, message="both")

    def test_unknown_keys_are_refused_by_name_and_place(self):
        self.write("pyproject.toml", '[project]\nname = "shop"\n\n[tool.covetpy-migrate]\nselect = ["ALL"]\nignroe = []\n')
        done = self.fails(1, "analyze", self.project, message="`ignroe`")
        self.assertIn("pyproject.toml:6", done.stderr)
        self.assertIn("did you mean ignore?", done.stderr)

    def test_unknown_rules_and_wrong_types_have_a_place(self):
        self.write("covetpy-migrate.toml", '# shop\nignore = [\n  "COV109",\n  "COV999",\n]\n')
        self.assertIn("covetpy-migrate.toml:4", self.fails(1, "analyze", self.project, message="COV999").stderr)
        self.write("covetpy-migrate.toml", "\nunsafe = 1\n")
        self.assertIn("covetpy-migrate.toml:2", self.fails(1, "code", self.project, message="`unsafe`").stderr)
        self.write("covetpy-migrate.toml", "\n\nselect = [\n")
        self.fails(1, "code", self.project, message="no TOML")

    def test_a_broken_pyproject_that_is_not_about_this_tool_is_not_read(self):
        self.write("pyproject.toml", "[project\n")
        self.json("analyze", self.project)

    def test_target(self):
        self.write("covetpy-migrate.toml", 'target = "fastapi"\n')
        files = [c["file"] for c in self.json("code", self.project)["changes"]]
        self.assertIn("covet_database.py", files)
        files = [c["file"] for c in self.json("code", self.project, "--target", "covetpy")["changes"]]
        self.assertNotIn("covet_database.py", files)

    def test_per_file_ignores(self):
        os.makedirs(os.path.join(self.project, "tests"))
        secret = 'API_KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\n'
        self.write("keys.py", secret)
        self.write("tests/keys.py", secret)
        where = lambda: [f["file"] for f in self.json("analyze", self.project)["findings"] if f["rule"] == "COV401"]
        self.assertEqual(["keys.py", "tests/keys.py"], where())
        self.write("covetpy-migrate.toml", '[per-file-ignores]\n"tests/" = ["COV4"]\n')
        self.assertEqual(["keys.py"], where())

    def test_suppressions_may_have_to_give_a_reason(self):
        self.write("keys.py", 'API_KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"  # covet: ignore[COV401]\n')
        self.assertNotIn("COV008", self.rules())
        self.write("covetpy-migrate.toml", "require-reasons = true\n")
        self.assertIn("COV008", self.rules())

    def test_verify_knows_what_the_run_left_alone(self):
        self.write("covetpy-migrate.toml", 'ignore = ["COV109"]\n')
        books = next(f["id"] for f in self.json("analyze", self.project)["findings"]
                     if f["rule"] == "COV201" and f["start"]["line"] == 4)
        self.ok("run", self.project, "--url", "sqlite:///shop.db", "--yes", "--reject", books)
        tables = json.loads(self.ok("verify", self.project, "--format", "json").stdout)["tables"]
        self.assertEqual(["notes"], [t["name"] for t in tables if not t["name"].startswith("covet_")])

    def test_the_schema_can_be_decided(self):
        self.write("shop.py", PRICED)
        self.write("covetpy-migrate.toml", '[schema.goods]\nname = "wares"\nunique = ["code"]\n\n'
                   '[schema.goods.columns.price]\nmoney = true\n\n[schema.goods.columns.code]\nname = "sku"\nlength = 8\n')
        table = next(t for t in self.json("analyze", self.project)["schema"]["tables"] if t["name"] == "wares")
        columns = {c["name"]: c for c in table["columns"]}
        self.assertEqual("numeric(15,2)", columns["price"]["type"])
        self.assertEqual("varchar(8)", columns["sku"]["type"])
        self.assertIn("override: money", columns["price"]["evidence"])
        self.ok("run", self.project, "--url", "sqlite:///shop.db", "--yes")
        rows = sqlite3.connect(os.path.join(self.project, "shop.db")).execute("SELECT sku, price FROM wares ORDER BY id")
        self.assertEqual([("a", "2.5"), ("b", "19.99")], list(rows))
        self.ok("verify", self.project)

    def test_what_the_rows_contradict_is_refused_with_the_row(self):
        self.write("shop.py", PRICED)
        self.write("covetpy-migrate.toml", "[schema.goods.columns.price]\ntype = 'numeric(9,1)'\n")
        done = self.fails(2, "analyze", self.project, message="row 2 (id=2) has 19.99")
        self.assertIn("covetpy-migrate.toml:2", done.stderr)
        self.write("covetpy-migrate.toml", "\n[schema.gods]\n")
        self.assertIn("did you mean goods?", self.fails(1, "analyze", self.project, message="`gods`").stderr)


if __name__ == "__main__":
    main()
