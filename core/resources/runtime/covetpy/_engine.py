"""One SQLAlchemy engine per event loop and URL, and how its transactions begin on SQLite."""

from __future__ import annotations

import asyncio
import contextvars
from typing import Any, Dict, Optional, Tuple
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from ._settings import DatabaseSettings, database_settings

#: Execution option of a connection that chooses how SQLite begins: "DEFERRED", "IMMEDIATE", "EXCLUSIVE".
BEGIN_OPTION = "sqlite_begin"
#: How long SQLite waits for another process's or session's transaction, in seconds.
BUSY_TIMEOUT = 30.0

request_method: contextvars.ContextVar[Optional[str]] = contextvars.ContextVar(
    "covetpy_request_method", default=None
)
_Made = Tuple[AsyncEngine, "async_sessionmaker[AsyncSession]"]
_engines: "WeakKeyDictionary[asyncio.AbstractEventLoop, Dict[str, _Made]]" = WeakKeyDictionary()


def session_factory() -> "async_sessionmaker[AsyncSession]":
    """The session factory of the running event loop for the URL that is configured now."""
    settings = database_settings()
    made = _engines.setdefault(asyncio.get_running_loop(), {})
    key = settings.target.url.render_as_string(hide_password=False)
    if key not in made:
        engine = _create(settings)
        made[key] = (engine, async_sessionmaker(engine, expire_on_commit=False))
    return made[key][1]


async def dispose() -> None:
    """Closes the connections of the running event loop's engines."""
    for engine, _ in _engines.pop(asyncio.get_running_loop(), {}).values():
        await engine.dispose()


def begin_mode(options: Any) -> str:
    """How a SQLite transaction begins.

    A transaction that reads and later writes must hold the write lock from the start, or two of them
    that overlap fail with "database is locked". So transactions begin IMMEDIATE, except in a GET or HEAD
    request, where readers may overlap; the execution option has the last word.
    """
    default = "DEFERRED" if request_method.get() in ("GET", "HEAD") else "IMMEDIATE"
    return str(options.get(BEGIN_OPTION, default))


def _create(settings: DatabaseSettings) -> AsyncEngine:
    url, arguments = settings.target
    if url.get_backend_name() != "sqlite":
        return create_async_engine(
            url,
            connect_args=arguments,
            echo=settings.echo,
            pool_size=settings.pool_size,
            max_overflow=settings.max_overflow,
            pool_pre_ping=True,
        )
    engine = create_async_engine(url, echo=settings.echo, connect_args={"timeout": BUSY_TIMEOUT})

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own BEGIN comes only before the first write: too late to protect what was read.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {begin_mode(connection.get_execution_options())}")

    return engine
