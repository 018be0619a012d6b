"""Database sessions of the application.

The database is named by the environment variable ``DATABASE_URL``, else by ``#config`` in the
working directory, beside this module, or beside the package that it is in: ``{"database": {"url": ...}}``.
URLs are neutral (``sqlite:///app.db``, ``postgresql://user:password@host/name``, ``mysql://...``) and get
the async driver here; a relative SQLite path in the file is relative to the file.
"""

from __future__ import annotations

import asyncio
import json
import os
import ssl
from pathlib import Path
from typing import Any, AsyncIterator, Dict, Optional, Tuple
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from starlette.requests import HTTPConnection

CONFIG_FILE = "#config"
#: Execution option of a connection that chooses how SQLite begins: "DEFERRED", "IMMEDIATE", "EXCLUSIVE".
BEGIN_OPTION = "sqlite_begin"

_ALIASES = {"postgres": "postgresql", "mariadb": "mysql", "sqlite3": "sqlite"}
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "mysql": "mysql+aiomysql"}
_ASYNC_DRIVERS = {"aiosqlite", "asyncpg", "psycopg", "psycopg_async", "aiomysql", "asyncmy"}

_engines: WeakKeyDictionary[asyncio.AbstractEventLoop, Dict[str, AsyncEngine]] = WeakKeyDictionary()


class ConfigurationError(RuntimeError):
    """No usable database URL is set."""


async def get_database_session(connection: HTTPConnection = None) -> AsyncIterator[AsyncSession]:  # type: ignore[assignment]
    """A session for one request; what it has written is lost unless it is committed."""
    reads = connection is not None and connection.scope.get("method") in ("GET", "HEAD")
    # A SQLite transaction that reads and later writes must hold the write lock from the start.
    bind = database_engine().execution_options(**{BEGIN_OPTION: "DEFERRED" if reads else "IMMEDIATE"})
    async with async_sessionmaker(bind, expire_on_commit=False)() as session:
        yield session


def database_engine() -> AsyncEngine:
    """The engine of the running event loop for the URL that is configured now."""
    url, options = _settings()
    engines = _engines.setdefault(asyncio.get_running_loop(), {})
    key = url.render_as_string(hide_password=False)
    if key not in engines:
        engines[key] = _create(url, options)
    return engines[key]
