"""`run` and `rollback` on SQLite, and that failures leave nothing behind."""

import json
import os
import pty
import sqlite3
import subprocess

from support import BINARY, CliCase, main, snapshot


class Run(CliCase):
    def setUp(self):
        super().setUp()
        self.shop()
        self.needs_changes()
        self.before = snapshot(self.base)
        self.database = os.path.join(self.project, "shop.db")

    def migrate(self, *args, **kwargs):
        return self.run_cli("run", self.project, "--url", "sqlite:///shop.db", "--yes", *args, **kwargs)

    def rows(self, table):
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as connection:
            return connection.execute(f"select * from {table}").fetchall()

    def test_run_verify_rollback(self):
        done = self.migrate("--format", "json")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["report"], "covetpy-migrate/report/1")
        self.assertEqual([app["framework"] for app in report["apps"]], ["covetpy"])
        run = report["run"]
        self.assertEqual(run["status"], "complete")
        self.assertTrue(run["verification"]["ok"])
        self.assertGreater(run["verification"]["values"], 0)
        for key in ("report", "journal", "backup"):
            self.assertTrue(os.path.exists(run[key]), key)
        self.assertEqual(len(self.rows("products")), 2)
        self.assertEqual(self.json("verify", self.project)["edited_files"], [])
        self.assertEqual(self.json("status", self.project)["runs"][0]["state"], "complete")
        self.ok("rollback", self.project)
        self.assertEqual({k: v for k, v in self.before.items() if k.startswith("shop")},
                         {k: v for k, v in snapshot(self.base).items() if k.startswith("shop")})

    def test_text_shows_everything(self):
        done = self.migrate()
        for part in ("products_db", "+++ b/app.py", "products", "verified:", "report:", "backup:",
                     f"undo:    covetpy-migrate rollback {self.project}"):
            self.assertIn(part, done.stdout)

    def test_second_run_has_nothing_to_do(self):
        self.assertEqual(self.migrate().returncode, 0)
        after = snapshot(self.base)
        second = self.migrate()
        self.assertEqual(second.returncode, 0, second.stderr)
        self.assertIn("nothing to do", second.stdout)
        self.assertEqual(after, snapshot(self.base))

    def test_verify_tells_a_changed_database(self):
        self.migrate()
        with sqlite3.connect(self.database) as connection:
            connection.execute("update products set price = 1 where id = 1")
        done = self.run_cli("verify", self.project)
        self.assertEqual(done.returncode, 3)
        self.assertIn("price", done.stdout)
        self.fails(2, "rollback", self.project, message="products")
        result = json.loads(self.ok("rollback", self.project, "--force", "--format", "json").stdout)
        self.assertTrue(result["database_left"])
        self.assertEqual(len(self.rows("products")), 2)

    def test_consent(self):
        self.fails(2, "run", self.project, "--url", "sqlite:///shop.db", message="--yes")
        done = self.run_cli("run", self.project, "--url", "sqlite:///shop.db", stdin=subprocess.PIPE, timeout=60)
        self.assertEqual(done.returncode, 2)
        self.assertEqual(self.before, snapshot(self.base))

    def answered(self, answer):
        parent, child = pty.openpty()
        process = subprocess.Popen([BINARY, "run", self.project, "--url", "sqlite:///shop.db"], stdin=child,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=self.environment())
        os.write(parent, answer)
        output = process.communicate(timeout=60)[0].decode()
        os.close(parent)
        os.close(child)
        return process.returncode, output

    def test_answers(self):
        for answer in (b"n\n", b"\n", b"\x04"):
            code, output = self.answered(answer)
            self.assertEqual(code, 2, output)
            self.assertEqual(self.before, snapshot(self.base))
        code, output = self.answered(b"y\n")
        self.assertEqual(code, 0, output)
        self.assertTrue(os.path.exists(self.database))

    def test_existing_database_with_other_rows_is_refused(self):
        with sqlite3.connect(self.database) as connection:
            connection.execute("create table products (id integer primary key, name text)")
            connection.execute("insert into products values (7, 'mine')")
        before = snapshot(self.project)
        done = self.migrate()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("products", done.stderr)
        self.assertEqual(before, snapshot(self.project))

    def test_other_tables_in_the_database_stay(self):
        with sqlite3.connect(self.database) as connection:
            connection.execute("create table mine (id integer primary key, name text)")
            connection.execute("insert into mine values (7, 'mine')")
        self.assertEqual(self.migrate().returncode, 0)
        self.assertEqual(self.rows("mine"), [(7, "mine")])
        self.ok("rollback", self.project)
        self.assertEqual(self.rows("mine"), [(7, "mine")])
        with sqlite3.connect(self.database) as connection:
            tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        self.assertNotIn("products", tables)

    def test_not_a_database(self):
        self.write("shop.db", "this is text\n" * 100)
        before = snapshot(self.project)
        done = self.migrate()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("= help: ", done.stderr)
        self.assertEqual(before, snapshot(self.project))

    def test_folder_of_the_database_does_not_exist(self):
        done = self.run_cli("run", self.project, "--url", f"sqlite:///{self.base}/no/such/shop.db", "--yes")
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(self.before, snapshot(self.base))

    def test_no_server(self):
        done = self.fails(5, "run", self.project, "--yes", "--url", "postgresql://me:s3cr3t@127.0.0.1:1/shop")
        self.assertNotIn("s3cr3t", done.stdout + done.stderr)
        self.assertEqual(self.before, snapshot(self.base))

    def test_code_that_cannot_be_written_takes_the_database_back(self):
        """The last file is in the way only after the database was published."""
        self.migrate()
        with open(os.path.join(self.project, ".covetpy-migrate/runs/0001/report.json")) as file:
            changed = json.load(file)
        self.ok("rollback", self.project)
        self.assertTrue(changed["run"]["files"])
        before = snapshot(self.project)
        # The journal, backup and database fit in the limit; the rewritten file does not.
        size = max(os.path.getsize(os.path.join(self.project, "app.py")), 1)
        self.assertGreater(size, 1024)
        done = self.migrate("--no-backup", prefix=["bash", "-c", 'ulimit -f 24; exec "$0" "$@"'])
        if done.returncode:
            self.assertEqual(done.returncode, 6, done.stderr)
        else:
            self.ok("rollback", self.project)
        self.assertEqual(before, snapshot(self.project))

    def test_database_command_leaves_the_code(self):
        self.ok("database", self.project, "--url", "sqlite:///shop.db", "--yes")
        after = snapshot(self.project)
        self.assertEqual(after["app.py"], self.before["shop/app.py"])
        self.assertEqual(len(self.rows("products")), 2)
        self.ok("rollback", self.project)
        self.assertFalse(os.path.exists(self.database))

    def test_secrets_stay_out_of_everything_printed_and_kept(self):
        self.migrate()
        kept = b""
        for parent, _, files in os.walk(os.path.join(self.project, ".covetpy-migrate")):
            for name in files:
                with open(os.path.join(parent, name), "rb") as file:
                    kept += file.read()
        self.assertIn(b"sqlite:///", kept)
        done = self.run_cli("run", self.project, "--dry-run", "--url", "postgresql://me:s3cr3t@127.0.0.1:1/shop")
        self.assertNotIn("s3cr3t", done.stdout + done.stderr)


if __name__ == "__main__":
    main()
