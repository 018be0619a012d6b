"""`--phase 3` and `--phase 4`: what they write, how private it is, how it is taken back and chosen from."""

import os
import sqlite3
import stat
import subprocess
import sys

from support import SHOP, CliCase, main, snapshot

KEYED = SHOP.replace("routes = {}\n", 'routes = {}\nSECRET_KEY = "5f3a"\nMAIL_PASSWORD = "letmein"\n', 1)
CREATE = '''@route("/api/products", "POST")
async def create_product(request):
    data = request["json"]
    product = {"id": len(products_db) + 1, "name": data["name"], "price": data["price"], "stock": 0}
    products_db.append(product)
    return product, 201


async def app('''

USERS = '''users_db = [
    {"id": 1, "name": "ann", "password": "correct horse"},
    {"id": 2, "name": "bob", "password": "battery staple"},
]


@route("/login", "POST")
async def login(request):
    data = request["json"]
    for user in users_db:
        if user["name"] == data["name"] and user["password"] == data["password"]:
            return {"id": user["id"]}
    return {"error": "no"}, 401


async def app('''


class Phases(CliCase):
    def keyed(self):
        self.write("app.py", KEYED.replace("async def app(", CREATE, 1))
        self.write("requirements.txt", "covet==0.1.0\n")
        return self.project

    def read(self, name):
        with open(os.path.join(self.project, name), encoding="utf-8") as file:
            return file.read()

    def test_each_phase_adds_to_the_one_before(self):
        self.keyed()
        written = [{c["file"] for c in self.json("code", self.project, "--phase", str(phase))["changes"]} for phase in (1, 2, 3, 4)]
        self.assertEqual(written[2] - written[1], {"schemas.py"})
        self.assertEqual(written[3] - written[2], {".env", ".gitignore", "covet_settings.py"})
        self.assertLess(written[0], written[1])

    def test_secrets_are_private_and_come_back(self):
        self.keyed()
        before = snapshot(self.project)
        self.ok("code", self.project, "--phase", "4", "--write")
        mode = stat.S_IMODE(os.stat(os.path.join(self.project, ".env")).st_mode)
        self.assertEqual(mode, 0o600)
        self.assertEqual(self.read(".env"), 'SECRET_KEY="5f3a"\nMAIL_PASSWORD="letmein"\n')
        self.assertEqual(self.read(".gitignore"), ".env\n")
        self.assertNotIn("letmein", self.read("app.py"))
        self.ok("rollback", self.project)
        after = {path: state for path, state in snapshot(self.project).items() if not path.startswith(".covetpy-migrate")}
        self.assertEqual(before, after)

    def passwords(self):
        connection = sqlite3.connect(os.path.join(self.project, "shop.db"))
        try:
            return [text for (text,) in connection.execute("SELECT password FROM users ORDER BY id")]
        finally:
            connection.close()

    def keep(self, text):
        connection = sqlite3.connect(os.path.join(self.project, "shop.db"))
        connection.execute("UPDATE users SET password = ? WHERE id = 1", (text,))
        connection.commit()
        connection.close()

    def test_passwords_are_hashed_when_rows_are_loaded(self):
        self.write("app.py", SHOP.replace("async def app(", USERS, 1))
        before = snapshot(self.project)
        self.ok("run", self.project, "--url", "sqlite:///shop.db", "--yes", "--phase", "4")
        hashes = self.passwords()
        self.assertTrue(all(text.startswith("scrypt:32768:8:1$") for text in hashes), hashes)
        code = "import sys, covet_passwords as p; sys.exit(0 if p.is_password(sys.argv[1], sys.argv[2]) else 1)"
        for given, expected in (("correct horse", 0), ("battery staple", 1)):
            check = subprocess.run([sys.executable, "-B", "-c", code, hashes[0], given], cwd=self.project)
            self.assertEqual(check.returncode, expected)
        self.assertNotIn("correct horse", self.read("app.py"))
        self.ok("verify", self.project)
        self.keep("correct horse")
        self.assertNotEqual(self.run_cli("verify", self.project).returncode, 0)
        self.keep(hashes[0])
        self.ok("rollback", self.project)
        after = {path: state for path, state in snapshot(self.project).items() if not path.startswith(".covetpy-migrate")}
        self.assertEqual(before, after)

    def test_a_script_holds_no_passwords(self):
        self.write("app.py", SHOP.replace("async def app(", USERS, 1))
        script = self.ok("database", self.project, "--emit", "sql", "--phase", "4").stdout
        self.assertNotIn("correct horse", script)
        self.assertIn("'!'", script)
        self.assertIn("correct horse", self.ok("database", self.project, "--emit", "sql").stdout)

    def test_passwords_stay_when_that_is_rejected(self):
        self.write("app.py", SHOP.replace("async def app(", USERS, 1))
        findings = self.json("analyze", self.project, "--phase", "4")["findings"]
        rejected = next(f["id"] for f in findings if f["rule"] == "COV405")
        self.ok("run", self.project, "--url", "sqlite:///shop.db", "--yes", "--phase", "4", "--reject", rejected)
        self.assertEqual(self.passwords(), ["correct horse", "battery staple"])
        self.assertNotIn("is_password", self.read("app.py"))

    def test_an_environment_file_is_completed(self):
        self.keyed()
        self.write(".env", "SECRET_KEY=of-another-service", mode=0o640)
        self.write(".gitignore", "*.pyc")
        self.ok("code", self.project, "--phase", "4", "--write")
        self.assertEqual(self.read(".env"), 'SECRET_KEY=of-another-service\nAPP_SECRET_KEY="5f3a"\nMAIL_PASSWORD="letmein"\n')
        self.assertEqual(self.read(".gitignore"), "*.pyc\n.env\n")
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.project, ".env")).st_mode), 0o600)
        self.assertEqual(self.json("code", self.project, "--phase", "4")["changes"], [])

    def setting(self, name, **environment):
        code = f"import covet_settings; print(covet_settings.setting({name!r}))"
        return subprocess.run([sys.executable, "-B", "-c", code], cwd=self.project, capture_output=True, text=True,
                              env={**self.environment(), **environment})  # fmt: skip

    def test_settings_come_from_the_environment_first(self):
        self.keyed()
        self.ok("code", self.project, "--phase", "4", "--write")
        self.assertEqual(self.setting("SECRET_KEY").stdout, "5f3a\n")
        self.assertEqual(self.setting("SECRET_KEY", SECRET_KEY="new").stdout, "new\n")
        os.remove(os.path.join(self.project, ".env"))
        self.assertIn("SECRET_KEY is not set", self.setting("SECRET_KEY").stderr)

    def test_one_change_of_a_later_phase_can_be_rejected(self):
        self.keyed()
        findings = self.json("analyze", self.project, "--phase", "4")["findings"]
        moved = {f["message"]: f["id"] for f in findings if f["rule"] == "COV404"}
        self.assertEqual(len(moved), 2)
        rejected = next(id for message, id in moved.items() if "MAIL_PASSWORD" in message)
        self.ok("code", self.project, "--phase", "4", "--write", "--reject", rejected)
        self.assertIn('MAIL_PASSWORD = "letmein"', self.read("app.py"))
        self.assertEqual(self.read(".env"), 'SECRET_KEY="5f3a"\n')

    def test_a_rule_of_a_later_phase_can_be_ignored(self):
        self.keyed()
        changes = {c["file"] for c in self.json("code", self.project, "--phase", "4", "--ignore", "COV601")["changes"]}
        self.assertNotIn("schemas.py", changes)
        self.assertIn(".env", changes)

    def test_phases_are_named_when_unknown(self):
        self.keyed()
        self.fails(1, "analyze", self.project, "--phase", "5", message="--phase")


if __name__ == "__main__":
    main()
