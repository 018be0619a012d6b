"""Database sessions of the application.

The database is named by the environment variable ``DATABASE_URL``, else by ``#config`` in the
working directory, beside this module, or beside the package that it is in: ``{"database": {"url": ...}}``.
URLs are neutral (``sqlite:///app.db``, ``postgresql://user:password@host/name``, ``mysql://...``) and get
a driver here that is installed; a relative SQLite path in the file is relative to the file.
"""

from __future__ import annotations

import importlib.util
import json
import os
import ssl
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Tuple

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

CONFIG_FILE = "#config"
#: Execution option of a connection that chooses how SQLite begins: "DEFERRED", "IMMEDIATE", "EXCLUSIVE".
BEGIN_OPTION = "sqlite_begin"

_ALIASES = {"postgres": "postgresql", "mariadb": "mysql", "sqlite3": "sqlite"}
#: The modules of the drivers that will do, best first.
_DRIVERS = {"sqlite": ["sqlite3"], "postgresql": ["psycopg", "psycopg2"], "mysql": ["pymysql", "MySQLdb"]}

_engines: Dict[Tuple[int, str], Engine] = {}


class ConfigurationError(RuntimeError):
    """No usable database URL is set."""


@contextmanager
def database_session() -> Iterator[Session]:
    """A session; what it has written is lost unless it is committed."""
    with Session(database_engine(), expire_on_commit=False) as session:
        yield session


def database_engine() -> Engine:
    """The engine of this process for the URL that is configured now."""
    url, options = _settings()
    key = (os.getpid(), url.render_as_string(hide_password=False))
    if key not in _engines:
        _engines[key] = _create(url, options)
    return _engines[key]
