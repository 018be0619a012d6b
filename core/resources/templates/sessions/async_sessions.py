"""Asynchronous sessions for code that was written for synchronous ones.

A synchronous session loads what a row lacks when the code touches it: relations, and the columns after a commit.
`LoadingMiddleware` runs each request where an attribute can wait for the database, so that it stays that way.
"""

from __future__ import annotations

import asyncio
import weakref
from typing import Any, Awaitable, Callable, Coroutine, Optional, Union

#drivers
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.util import await_only, greenlet_spawn

_ALIASES = {"postgres": "postgresql", "mariadb": "mysql"}
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg", "mysql": "mysql+aiomysql"}


def async_url(url: Union[str, URL]) -> URL:
    """The same database with a driver that does not block."""
    made = make_url(url)
    dialect = made.drivername.partition("+")[0]
    return made.set(drivername=_DRIVERS[_ALIASES.get(dialect, dialect)])


class LoadingMiddleware:
    """Innermost around the routes of an application."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await greenlet_spawn(_drive, self.app(scope, receive, send))


class _Step:
    """What a coroutine waits for, handed on to the event loop."""

    def __init__(self, awaited: Any) -> None:
        self.awaited = awaited

    def __await__(self) -> Any:
        return (yield self.awaited)


def _drive(coroutine: Coroutine[Any, Any, Any]) -> Any:
    value: Any = None
    error: Optional[BaseException] = None
    while True:
        try:
            awaited = coroutine.send(value) if error is None else coroutine.throw(error)
        except StopIteration as finished:
            return finished.value
        value, error = None, None
        try:
            value = await_only(_Step(awaited))
        except BaseException as raised:
            error = raised


class _Turns:
    """SQLite has one writer: from its first statement to the end of its transaction a session is alone, as good as
    threads were with a driver that holds the interpreter. A session that is left open is not waited for long."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.owner: Optional[asyncio.Task[Any]] = None
        self.depth = 0

    async def take(self) -> bool:
        task = asyncio.current_task()
        if self.owner is not task:
            try:
                await asyncio.wait_for(self.lock.acquire(), 5)
            except asyncio.TimeoutError:
                return False
            self.owner = task
        self.depth += 1
        return True

    def give(self) -> None:
        self.depth -= 1
        if self.depth == 0:
            self.owner = None
            self.lock.release()


_turns: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Turns] = weakref.WeakKeyDictionary()


class _Session(Session):
    pass


@event.listens_for(_Session, "after_begin")
def _begin(session: Session, transaction: Any, connection: Any) -> None:
    if connection.dialect.name != "sqlite" or "turn" in session.info:
        return
    turns = _turns.setdefault(asyncio.get_running_loop(), _Turns())
    if await_only(turns.take()):
        session.info["turn"] = weakref.finalize(session, turns.give)


@event.listens_for(_Session, "after_transaction_end")
def _end(session: Session, transaction: Any) -> None:
    if transaction.parent is None and "turn" in session.info:
        session.info.pop("turn")()


class LoadingSession(AsyncSession):
    sync_session_class = _Session
