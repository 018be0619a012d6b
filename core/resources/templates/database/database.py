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


def _settings() -> Tuple[URL, Dict[str, Any]]:
    file = _config_file()
    options: Dict[str, Any] = {}
    if file is not None:
        content = json.loads(file.read_text(encoding="utf-8"))
        options = content.get("database") or {}
    text, source, base = os.environ.get("DATABASE_URL", "").strip(), "DATABASE_URL", Path.cwd()
    if not text and file is not None:
        text, source, base = str(options.get("url") or "").strip(), str(file), file.parent
    if not text:
        raise ConfigurationError(f"No database URL: set DATABASE_URL, or database.url in {CONFIG_FILE}.")
    try:
        return _async_url(make_url(text), base), options
    except (ArgumentError, KeyError):
        # The text may hold a password and is not repeated.
        raise ConfigurationError(f"{source} is not a URL of SQLite, PostgreSQL or MySQL.") from None


def _config_file() -> Optional[Path]:
    folder = Path(__file__).resolve().parent
    parents = [folder, *list(folder.parents)[: __name__.count(".")]]
    return next((p / CONFIG_FILE for p in (Path.cwd(), *parents) if (p / CONFIG_FILE).is_file()), None)


def _async_url(url: URL, base: Path) -> URL:
    dialect, _, driver = url.drivername.partition("+")
    dialect = _ALIASES.get(dialect, dialect)
    if driver not in _ASYNC_DRIVERS:
        url = url.set(drivername=_DRIVERS[dialect])
    if dialect == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        url = url.set(database=str(base / url.database))
    return url


def _create(url: URL, options: Dict[str, Any]) -> AsyncEngine:
    echo = bool(options.get("echo", False))
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, echo=echo, connect_args={"timeout": 30})
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    url, arguments = _driver_options(url)
    return create_async_engine(
        url,
        connect_args=arguments,
        echo=echo,
        pool_size=int(options.get("pool_size", 20)),
        max_overflow=int(options.get("max_overflow", 30)),
        pool_pre_ping=True,
    )


def _driver_options(url: URL) -> Tuple[URL, Dict[str, Any]]:
    """Options under the names that psql and the mysql client know, as the async drivers take them."""
    query, arguments = dict(url.query), {}
    if url.get_driver_name() == "asyncpg":
        if "sslmode" in query:
            query["ssl"] = query.pop("sslmode")
        if "connect_timeout" in query:
            arguments["timeout"] = float(str(query.pop("connect_timeout")))
    elif url.get_driver_name() in ("aiomysql", "asyncmy"):
        mode = str(query.pop("ssl-mode", query.pop("ssl_mode", "PREFERRED"))).upper()
        authority = query.pop("ssl-ca", query.pop("ssl_ca", None))
        if mode not in ("PREFERRED", "DISABLED"):
            context = ssl.create_default_context(cafile=str(authority) if authority else None)
            context.check_hostname = mode == "VERIFY_IDENTITY"
            if mode == "REQUIRED":
                context.verify_mode = ssl.CERT_NONE
            arguments["ssl"] = context
    return url.set(query=query), arguments


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes only before the first write: too late to protect what was read.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(BEGIN_OPTION, 'IMMEDIATE')}")
