"""Disks that are full and files that may not be written: the error says so, nothing of the load stays, and the same command
works when there is room."""

import os
import subprocess
import unittest
from urllib.parse import urlsplit

from servers import BINARY, ServerCase, main


@unittest.skipUnless(os.geteuid() == 0, "mounting needs root")
class Full(ServerCase):
    """Not of MariaDB, which ends itself when a table's disk is full in the middle of a LOAD DATA."""

    def small_disk(self, path, megabytes, owner=None):
        os.makedirs(path, exist_ok=True)
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", path], capture_output=True).returncode:
            self.skipTest("this machine does not let us mount")
        self.addCleanup(subprocess.run, ["umount", "-l", path], check=True)
        if owner is not None:
            os.chown(path, *owner)

    def more_room(self, path):
        subprocess.run(["mount", "-o", "remount,size=400m", path], check=True)

    def check(self, server, url, path):
        before = server.tables(url)
        done = self.run_cli(*self.load_args(url))
        told = f"{done.stdout}\n{done.stderr}"
        self.assertEqual(done.returncode, 6, told)
        self.assertRegex(done.stderr, "(?i)full|no space|left on device", told)
        self.assertIn("help", done.stderr)
        self.assertEqual(server.tables(url), before, told)
        self.more_room(path)
        self.ok(*self.load_args(url))
        self.ok("verify", self.project, "--url", url)

    def test_sqlite(self):
        server = self.server("sqlite")
        path = os.path.join(self.base, "disk")
        self.small_disk(path, 1)
        url = f"sqlite:////{path[1:]}/shop.db"
        self.check(server, url, path)
        self.assertEqual(os.listdir(path), ["shop.db"])

    def test_sqlite_with_a_limit_for_files(self):
        server = self.server("sqlite")
        url = self.fresh(server)
        done = subprocess.run(["bash", "-c", 'ulimit -f 40; exec "$0" "$@"', BINARY, *self.load_args(url)], capture_output=True,
                              text=True, env=self.environment(), cwd=self.base)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertRegex(done.stderr, "File too large(?s:.)*help: .*file size limit")
        self.assertEqual([name for name in os.listdir(self.base) if ".db" in name], [])
        self.ok(*self.load_args(url))

    def test_sqlite_that_exists(self):
        server = self.server("sqlite")
        path = os.path.join(self.base, "disk")
        self.small_disk(path, 1)
        url = f"sqlite:////{path[1:]}/shop.db"
        subprocess.run(["python3", "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('CREATE TABLE mine (a)'); "
                        "c.execute('INSERT INTO mine VALUES (1)'); c.commit()", path + "/shop.db"], check=True)
        self.check(server, url, path)
        self.assertEqual(server.sql(url, "SELECT a FROM mine"), ["1"])

    def test_sqlite_where_nothing_may_be_written(self):
        server = self.server("sqlite")
        path = os.path.join(self.base, "disk")
        self.small_disk(path, 50)
        subprocess.run(["mount", "-o", "remount,ro", path], check=True)
        url = f"sqlite:////{path[1:]}/shop.db"
        done = self.run_cli(*self.load_args(url))
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertRegex(done.stderr, "(?i)read-only")
        subprocess.run(["mount", "-o", "remount,rw", path], check=True)
        self.ok(*self.load_args(url))
        self.ok("rollback", self.project, "--url", url)
        self.ok(*self.load_args(url))
        # An existing one, with something to do.
        server.sql(url, "SELECT 1")
        subprocess.run(["python3", "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('DELETE FROM orders'); "
                        "c.commit()", path + "/shop.db"], check=True)
        subprocess.run(["mount", "-o", "remount,ro", path], check=True)
        done = self.run_cli(*self.load_args(url))
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertRegex(done.stderr, "(?i)read-?only")

    def test_postgresql(self):
        server = self.server("postgresql")
        admin = server.admin.geturl()
        folder = server.sql(admin, "SHOW data_directory")[0]
        status = os.stat(folder)
        path = os.path.join(os.path.dirname(folder), f"small_{os.getpid()}")
        self.small_disk(path, 1, (status.st_uid, status.st_gid))
        self.addCleanup(server.sql, admin, "DROP TABLESPACE small_disk")
        server.sql(admin, f"CREATE TABLESPACE small_disk LOCATION '{path}'")
        url = self.fresh(server)
        self.addCleanup(server.drop, url)
        server.sql(url, f"ALTER DATABASE {urlsplit(url).path[1:]} SET default_tablespace = small_disk")
        self.check(server, url, path)


if __name__ == "__main__":
    main()
