"""SIGKILL of the program at each stage of a load and at random times: the same command again has to end with the right
data and nothing else, without anybody waiting for the server to notice or clearing up."""

import os
import random
import subprocess
import time

from servers import STAGES, Proxy, ServerCase, main

KILLS = int(os.environ.get("COVET_KILLS", "5"))

# MySQL with many new tables, which are made under their own names.
MANY = 60
MANY_STAGES = [("CREATE TABLE", 1, None), ("CREATE TABLE", 1, 0.0), ("INSERT INTO `covet_migrations", 1, None),
               ("INSERT INTO `covet_migrations", 1, 0.0), ("CREATE TABLE", 2, 0.0), ("CREATE TABLE", MANY // 2, 0.0),
               ("START TRANSACTION", 1, 0.0), ("INSERT INTO `things", MANY // 2, 0.0), ("SELECT `id`[^;]*ORDER BY", 5, 0.0),
               ("INSERT INTO `covet_migrations", 2, None), ("INSERT INTO `covet_migrations", 2, 0.0),
               ("DELETE FROM `covet_migrations", 1, None), ("DELETE FROM `covet_migrations", 1, 0.0), ("COMMIT", 1, None),
               ("COMMIT", 1, 0.0), ("RELEASE_", 1, None)]


def write_many(folder):
    lines = ["from flask import Flask, jsonify", "", "app = Flask(__name__)"]
    for table in range(MANY):
        lines.append(f"things_{table} = {[{'id': n, 'name': f'n{n}'} for n in range(1, 4)]!r}")
    for table in range(MANY):
        lines += ["", f"@app.route('/things_{table}')", f"def list_{table}():", f"    return jsonify(things_{table})"]
    with open(os.path.join(folder, "app.py"), "w") as file:
        file.write("\n".join(lines) + "\n")
    with open(os.path.join(folder, "data.py"), "w"):
        pass


class Kills(ServerCase):
    entries = 3  # of the history

    def check(self, server, url, stage):
        """The command again, whatever the kill has left."""
        again = self.run_cli(*self.load_args(url))
        self.assertEqual(again.returncode, 0, f"{stage}\n{again.stdout}\n{again.stderr}")
        verified = self.run_cli("verify", self.project, "--url", url)
        self.assertEqual(verified.returncode, 0, f"{stage}\n{verified.stdout}\n{verified.stderr}")
        self.assertEqual(server.tables(url), self.tables, stage)
        self.assertEqual(server.sql(url, "SELECT count(*), count(DISTINCT run_id) FROM covet_migrations"),
                         [f"{self.entries + (server.kind == 'sqlite')}\t1"], stage)
        self.assertEqual(server.locks(url), [], stage)
        self.ok("rollback", self.project, "--url", url)
        self.assertEqual(server.tables(url), [], stage)
        self.assertFalse(os.path.exists(os.path.join(self.project, ".covetpy-migrate")), stage)
        self.assertEqual(sorted(os.listdir(self.project)), ["app.py", "data.py"], stage)

    def stages(self, kind):
        server = self.server(kind)
        url = self.fresh(server)
        for words, after in STAGES[kind]:
            with self.subTest(words=words, after=after):
                proxy = Proxy(url, words, after=after)
                proxy.process = self.start(*self.load_args(proxy.url))
                out, err = proxy.process.communicate(timeout=60)
                proxy.close()
                self.assertTrue(proxy.hit.is_set(), f"nobody said {words}\n{out}\n{err}")
                self.check(server, url, words)
        server.drop(url)

    def test_postgresql_stages(self):
        self.stages("postgresql")

    def test_mysql_stages(self):
        self.stages("mysql")

    def test_mysql_many_tables(self):
        write_many(self.project)
        self.tables = sorted(["covet_migrations", "covet_routes"] + [f"things_{table}s" for table in range(MANY)])
        self.entries = MANY + 1
        server = self.server("mysql")
        url = self.fresh(server)
        for words, nth, after in MANY_STAGES:
            with self.subTest(words=words, nth=nth, after=after):
                proxy = Proxy(url, words, nth=nth, after=after)
                proxy.process = self.start(*self.load_args(proxy.url))
                out, err = proxy.process.communicate(timeout=60)
                proxy.close()
                self.assertTrue(proxy.hit.is_set(), f"nobody said {words}\n{out}\n{err}")
                self.check(server, url, words)
        server.drop(url)

    def random_kills(self, kind):
        server = self.server(kind)
        url = self.fresh(server)
        chance = random.Random(os.getpid())
        start = time.monotonic()
        self.ok(*self.load_args(url))
        whole = time.monotonic() - start
        self.ok("rollback", self.project, "--url", url)
        killed = 0
        for number in range(KILLS):
            after = chance.uniform(0, whole)
            process = self.start(*self.load_args(url))
            try:
                process.communicate(timeout=after)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                killed += 1
            with self.subTest(number=number, after=after):
                self.check(server, url, f"killed after {after:.3f} s of {whole:.3f} s")
        self.assertGreater(killed, 0)
        server.drop(url)

    def test_postgresql_random(self):
        self.random_kills("postgresql")

    def test_mysql_random(self):
        self.random_kills("mysql")

    def test_sqlite_random(self):
        self.random_kills("sqlite")


if __name__ == "__main__":
    main()
