"""SIGKILL of the program at each stage of a load and at random times: the same command again has to end with the right
data and nothing else, without anybody waiting for the server to notice or clearing up."""

import os
import random
import subprocess
import time

from servers import STAGES, Proxy, ServerCase, main

KILLS = int(os.environ.get("COVET_KILLS", "5"))


class Kills(ServerCase):
    def check(self, server, url, stage):
        """The command again, whatever the kill has left."""
        again = self.run_cli(*self.load_args(url))
        self.assertEqual(again.returncode, 0, f"{stage}\n{again.stdout}\n{again.stderr}")
        verified = self.run_cli("verify", self.project, "--url", url)
        self.assertEqual(verified.returncode, 0, f"{stage}\n{verified.stdout}\n{verified.stderr}")
        self.assertEqual(server.tables(url), self.tables, stage)
        self.assertEqual(server.sql(url, "SELECT count(*), count(DISTINCT run_id) FROM covet_migrations"),
                         ["4\t1" if server.kind == "sqlite" else "3\t1"], stage)
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
