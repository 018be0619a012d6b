#!/usr/bin/env python3
"""An application that stays on Flask while its data moves, on SQLite, and on PostgreSQL and MariaDB where
COVET_TEST_POSTGRES_URL and COVET_TEST_MYSQL_URL name servers: see tests/database/run.sh.

    COVET_BINARY=build/dev/bin/covetpy-migrate tests/database/run.sh tests/runtime/stays/test_stays.py
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / "python"
BINARY = str(Path(os.environ["COVET_BINARY"]).resolve())


class Stays(unittest.TestCase):
    def check(self, url):
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        project = folder / "shop"
        shutil.copytree(HERE / "app", project)
        environment = {**os.environ, "XDG_STATE_HOME": str(folder / "state"), "DATABASE_URL": url.format(folder=folder)}
        run = subprocess.run([BINARY, "run", str(project), "--url", "env:DATABASE_URL", "--yes", "--no-backup"],
                             env=environment, capture_output=True, text=True, timeout=120)  # fmt: skip
        self.assertEqual(run.returncode, 0, run.stderr)
        checks = subprocess.run([PYTHON, HERE / "checks.py"], cwd=project, env=environment, capture_output=True, text=True, timeout=300)
        self.assertEqual(checks.returncode, 0, checks.stderr)
        self.assertIn("Ran 12 tests", checks.stderr)

    def test_sqlite(self):
        self.check("sqlite:///{folder}/shop.db")

    @unittest.skipUnless("COVET_TEST_POSTGRES_URL" in os.environ, "no server")
    def test_postgresql(self):
        self.check(os.environ["COVET_TEST_POSTGRES_URL"])

    @unittest.skipUnless("COVET_TEST_MYSQL_URL" in os.environ, "no server")
    def test_mariadb(self):
        self.check(os.environ["COVET_TEST_MYSQL_URL"])


if __name__ == "__main__":
    unittest.main()
