"""From the neutral database URL of the configuration to what the async driver takes.

One URL serves several programs, so it is written in the form of none of them: ``sqlite:///relative.db``,
``sqlite:////absolute.db``, ``postgresql://user:password@host/name``, ``mysql://user:password@host/name``.
Options have the names that psql and the mysql client know.
"""

from __future__ import annotations

import ssl
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Dict, NamedTuple

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .exceptions import ConfigurationError

FORMS = "sqlite:///app.db, postgresql://user:password@host/name or mysql://user:password@host/name"
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg", "mysql": "mysql+aiomysql"}
_ALIASES = {"postgres": "postgresql", "mariadb": "mysql", "sqlite3": "sqlite"}
_ASYNC_DRIVERS = {"aiosqlite", "asyncpg", "psycopg", "psycopg_async", "aiomysql", "asyncmy"}


class Target(NamedTuple):
    """The URL for SQLAlchemy, and what goes to the driver beside it."""

    url: URL
    connect_args: Dict[str, Any]


@lru_cache(maxsize=32)
def target(text: str, base: Path, source: str) -> Target:
    """`text` for the async driver; relative SQLite paths start at `base`.

    Raises ``ConfigurationError``; its message names `source` and never the URL, which holds a password.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ConfigurationError(f"{source} is not a database URL, such as {FORMS}.") from None
    dialect, _, driver = url.drivername.partition("+")
    dialect = _ALIASES.get(dialect, dialect)
    if dialect not in _DRIVERS:
        raise ConfigurationError(f"{source} names an unknown database, {dialect!r}; it takes {FORMS}.")
    if driver not in _ASYNC_DRIVERS:
        url = url.set(drivername=_DRIVERS[dialect])
    if dialect == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        url = url.set(database=str(base / url.database))
    translate = _TRANSLATIONS.get(url.get_driver_name())
    return translate(url) if translate else Target(url, {})


def _asyncpg(url: URL) -> Target:
    query = dict(url.query)
    arguments: Dict[str, Any] = {}
    if "sslmode" in query:
        query["ssl"] = query.pop("sslmode")
    if "connect_timeout" in query:
        arguments["timeout"] = float(str(query.pop("connect_timeout")))
    if "application_name" in query:
        arguments["server_settings"] = {"application_name": query.pop("application_name")}
    return Target(url.set(query=query), arguments)


def _aiomysql(url: URL) -> Target:
    query = dict(url.query)
    mode = str(query.pop("ssl-mode", query.pop("ssl_mode", "PREFERRED"))).upper()
    if mode in ("PREFERRED", "DISABLED"):
        return Target(url.set(query=query), {})
    authority = query.pop("ssl-ca", query.pop("ssl_ca", None))
    context = ssl.create_default_context(cafile=str(authority) if authority else None)
    context.check_hostname = mode == "VERIFY_IDENTITY"
    if mode == "REQUIRED":
        context.verify_mode = ssl.CERT_NONE
    return Target(url.set(query=query), {"ssl": context})


_TRANSLATIONS: Dict[str, Callable[[URL], Target]] = {
    "asyncpg": _asyncpg,
    "aiomysql": _aiomysql,
    "asyncmy": _aiomysql,
}
