#!/usr/bin/env python3
"""The Alembic revision of a schema, with the real Alembic: its tables are those of the statements that the program
prints and of a run, on SQLite, and on PostgreSQL and MariaDB where COVET_TEST_POSTGRES_URL and COVET_TEST_MYSQL_URL
name servers (tests/database/run.sh).

    COVET_BINARY=build/dev/bin/covetpy-migrate tests/database/run.sh tests/runtime/alembic/test_alembic.py
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / "python"
BINARY = str(Path(os.environ["COVET_BINARY"]).resolve())
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg2", "mysql": "mysql+pymysql"}


class Alembic(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.project = self.folder / "app"
        shutil.copytree(HERE / "app", self.project)
        self.environment = {**os.environ, "XDG_STATE_HOME": str(self.folder / "state")}

    def call(self, *command, **environment):
        done = subprocess.run(list(map(str, command)), cwd=self.folder, env={**self.environment, **environment},
                              capture_output=True, text=True, timeout=300)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def emit(self, what, *options):
        return self.call(BINARY, "database", self.project, "--emit", what, *options)

    def alembic(self, url, *arguments):
        return self.call(PYTHON, "-m", "alembic", *arguments, ALEMBIC_URL=url)

    def catalogue(self, url):
        return json.loads(self.call(PYTHON, HERE / "catalogue.py", url))

    def database(self, kind, name):
        """The URL of a new, empty database, for SQLAlchemy."""
        if kind == "sqlite":
            return f"sqlite:///{self.folder}/{name}.db"
        server = os.environ[f"COVET_TEST_{'POSTGRES' if kind == 'postgresql' else 'MYSQL'}_URL"]
        base, _, admin = server.rpartition("/")
        base = DRIVERS[kind] + base[base.index(":") :]
        make = "\n".join(f"{verb} {name};" for verb in ("DROP DATABASE IF EXISTS", "CREATE DATABASE"))
        code = ("import sys, sqlalchemy as sa\n"
                "engine = sa.create_engine(sys.argv[1], isolation_level='AUTOCOMMIT')\n"
                "with engine.connect() as connection:\n"
                "    for one in sys.argv[2].splitlines(): connection.exec_driver_sql(one)\n")  # fmt: skip
        self.call(PYTHON, "-c", code, f"{base}/{admin}", make)
        return f"{base}/{name}"

    def check(self, kind):
        versions = self.folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        shutil.copy(HERE / "env.py", versions.parent)
        (self.folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n")
        revision = self.emit("alembic")
        self.assertEqual(revision, self.emit("alembic"), "the same schema gives the same revision")
        (versions / "0001_tables.py").write_text(revision)
        dialect = {"postgresql": "postgresql", "mysql": "mysql", "sqlite": "sqlite"}[kind]
        statements = self.emit("sql", "--dialect", dialect)
        (self.folder / "tables.sql").write_text("\n\n".join(part for part in statements.split("\n\n") if "INSERT INTO" not in part))
        plain = self.database(kind, "covet_plain")
        self.call(PYTHON, HERE / "statements.py", plain, self.folder / "tables.sql")
        wanted = self.catalogue(plain)
        self.assertEqual(sorted(wanted), ["codes", "customers", "notes", "orders"])

        url = self.database(kind, "covet_alembic")
        self.alembic(url, "upgrade", "head")
        self.assertEqual(self.catalogue(url), wanted)
        self.alembic(url, "downgrade", "base")
        self.assertEqual(self.catalogue(url), {})
        self.assertIn("CREATE TABLE", self.alembic(url, "upgrade", "head", "--sql") if kind != "sqlite" else "CREATE TABLE")

        # A database that a run has made is taken over as it is.
        url = self.database(kind, "covet_run")
        plain_url = url.replace(DRIVERS[kind], kind, 1)
        self.call(BINARY, "run", self.project, "--target", "fastapi", "--url", "env:DATABASE_URL", "--yes", "--no-backup",
                  DATABASE_URL=plain_url)  # fmt: skip
        self.assertEqual(self.catalogue(url), wanted)
        self.alembic(url, "stamp", "head")
        self.assertIn("(head)", self.alembic(url, "current"))
        self.alembic(url, "upgrade", "head")
        self.alembic(url, "downgrade", "base")
        self.assertEqual(self.catalogue(url), {})

    def test_sqlite(self):
        self.check("sqlite")

    @unittest.skipUnless("COVET_TEST_POSTGRES_URL" in os.environ, "no server")
    def test_postgresql(self):
        self.check("postgresql")

    @unittest.skipUnless("COVET_TEST_MYSQL_URL" in os.environ, "no server")
    def test_mariadb(self):
        self.check("mysql")

    def test_schemas(self):
        (self.folder / "schemas.py").write_text(self.emit("schemas"))
        (self.folder / "models.py").write_text(self.emit("models"))
        self.call(PYTHON, HERE / "check_schemas.py", self.folder)


if __name__ == "__main__":
    unittest.main()
