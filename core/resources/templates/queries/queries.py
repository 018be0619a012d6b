"""Queries that treat keys and values as the application's lists and dicts did.

A key that no row can have is not found, a value of another type is equal to nothing, and numbers count
up from the highest one. What a column cannot hold is refused with 422, a key that is taken with 409,
before anything is written.
"""

from __future__ import annotations

import functools
import math
import re
from inspect import Signature, signature
from types import FunctionType
from typing import Any, Callable, Optional, get_type_hints

from sqlalchemy import BigInteger, Boolean, Float, Integer, String, Uuid, event, false, func, inspect, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

#import

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def equals(column: Any, value: Any) -> Any:
    """`column == value` as Python compares them."""
    if value is None:
        return column.is_(None)
    value = _as_stored(column, value)
    return column == value if fits(column, value) else false()


async def find(db: AsyncSession, model: Any, key: Any) -> Optional[Any]:
    """The row whose primary key equals the key; None where there is none.

    `lambda: key` stands for a key that code asked for only while it went through rows: an error in it
    is none as long as there are no rows.
    """
    if isinstance(key, FunctionType):
        try:
            key = key()
        except Exception:
            if not await count(db, model):
                return None
            raise
    column = inspect(model).primary_key[0]
    key = _as_stored(column, key)
    await db.flush()
    if key is None or not fits(column, key):
        return None
    return await db.get(model, (key,))  # a tuple of its own would be taken for the values of several columns


async def lookup(db: AsyncSession, model: Any, key: Any) -> Optional[Any]:
    """The row that `container.get(key)` gives; None where there is none."""
    hash(key)  # what cannot be a key is an error, as it was
    return await find(db, model, key)


async def require(db: AsyncSession, model: Any, key: Any) -> Any:
    """The row that `container[key]` gives. Raises ``KeyError`` where there is none."""
    row = await lookup(db, model, key)
    if row is None:
        raise KeyError(key)
    return row


async def put(db: AsyncSession, model: Any, key: Any, record: Any) -> None:
    """`container[key] = record`: a row that is there keeps its place."""
    row = await lookup(db, model, key)
    if row is None:
        db.add(model.from_dict(record, key))
    else:
        row.replace(record)


async def pop(db: AsyncSession, model: Any, key: Any, *default: Any) -> Any:
    """`container.pop(key, default)`: the record that was there."""
    row = await lookup(db, model, key)
    if row is None:
        if default:
            return default[0]
        raise KeyError(key)
    record = row.to_dict()
    await db.delete(row)
    return record


async def next_id(db: AsyncSession, column: Any, start: int = 1) -> int:
    """One more than the highest number, `start` if there is none; nobody else gets it before the commit."""
    dialect = db.get_bind().dialect
    if dialect.name == "postgresql":
        table = dialect.identifier_preparer.format_table(inspect(column.class_).local_table)
        await db.execute(text(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE"))
    await db.flush()
    highest = select(column).order_by(column.desc()).limit(1)
    if dialect.name in ("mysql", "mariadb"):
        highest = highest.with_for_update()
    found = await db.scalar(highest)
    return start if found is None else found + 1


async def count(db: AsyncSession, model: Any, *conditions: Any) -> int:
    """The number of rows for which the conditions hold."""
    return await db.scalar(select(func.count()).select_from(model).where(*conditions)) or 0


async def load_value(db: AsyncSession, model: Any, name: str, default: Any, change: bool = False) -> Any:
    """A single variable of the application. With `change` it is held until the commit."""
    row = await db.get(model, name, with_for_update=True if change else None, populate_existing=change)
    return default if row is None else row.value


async def save_value(db: AsyncSession, model: Any, name: str, value: Any) -> None:
    await db.merge(model(name=name, value=value))


async def next_value(db: AsyncSession, model: Any, name: str, start: Any, step: Any = 1) -> Any:
    """`next(counter)`. A counter that has never been read is None in the table."""
    number = await load_value(db, model, name, None, change=True)
    number = start if number is None else number
    await save_value(db, model, name, number + step)
    return number


def one_transaction(handler: Callable[..., Any]) -> Any:
    """Commits when the handler ends, also where it raises: what it had changed in memory stayed, too.

    A handler that it calls with its session leaves the commit to it.
    """

    @functools.wraps(handler)
    async def kept(*args: Any, **kwargs: Any) -> Any:
        db = next(value for value in (*args, *kwargs.values()) if isinstance(value, AsyncSession))
        if db.info.get("one_transaction"):
            return await handler(*args, **kwargs)
        db.info["one_transaction"] = True
        try:
            return await handler(*args, **kwargs)
        finally:
            del db.info["one_transaction"]
            if db.is_active:
                await db.commit()

    kept.__signature__ = _signature(handler)  # type: ignore[attr-defined]
    return kept


def _signature(handler: Callable[..., Any]) -> Signature:
    """With annotations that are no longer texts, which others would look up in this module."""
    plain = signature(handler)
    written = [*(p.annotation for p in plain.parameters.values()), plain.return_annotation]
    if not any(isinstance(annotation, str) for annotation in written):
        return plain
    try:
        hints = get_type_hints(handler, include_extras=True)
    except Exception:  # names that exist only for type checkers
        return plain
    parameters = [p.replace(annotation=hints.get(p.name, p.annotation)) for p in plain.parameters.values()]
    returned = hints.get("return", plain.return_annotation)
    return plain.replace(parameters=parameters, return_annotation=None if returned is type(None) else returned)


def fits(column: Any, value: Any) -> bool:
    """Whether the column gives the value back; what its type does not tell is left to the database."""
    kind = column.type
    if isinstance(kind, Integer):
        bits = 63 if isinstance(kind, BigInteger) else 31
        return type(value) is int and -(2**bits) <= value < 2**bits
    if isinstance(kind, String):
        short = kind.length is None or (isinstance(value, str) and len(value) <= kind.length)
        return isinstance(value, str) and short and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
    if isinstance(kind, Uuid) and not kind.as_uuid:
        return isinstance(value, str) and _UUID.fullmatch(value) is not None
    try:
        expected = kind.python_type
    except NotImplementedError:
        return True
    if expected is float:
        return type(value) in (int, float) and abs(value) < 2.0**1023 and math.isfinite(value)
    return expected in (dict, list, object) or type(value) is expected


def _as_stored(column: Any, value: Any) -> Any:
    """The column's own spelling of an equal number: True, 1 and 1.0 are the same."""
    kind = column.type
    if type(value) not in (bool, int, float):
        return value
    if isinstance(kind, Integer) and value == value // 1:
        return int(value)
    if isinstance(kind, Boolean) and value in (0, 1):
        return bool(value)
    return float(value) if isinstance(kind, Float) and type(value) is bool else value


def _is_url(value: Any) -> bool:
    """Whether it is a URL of Pydantic, which clients see as its text."""
    kind = type(value)
    return kind.__module__.startswith("pydantic") and kind.__name__.endswith(("Url", "Dsn"))


@event.listens_for(Session, "before_flush")
def _refuse_misfits(session: Session, _context: Any, _instances: Any) -> None:
    for row in [*session.new, *session.dirty]:
        for attribute in inspect(type(row)).column_attrs:
            column, value = attribute.columns[0], getattr(row, attribute.key)
            if isinstance(column.type, String) and _is_url(value):
                value = str(value)
                setattr(row, attribute.key, value)
            optional = column.nullable or column.primary_key or column.default is not None
            if not optional if value is None else not fits(column, value):
                # Not kept in the session: the handler may catch this and go on.
                session.expunge(row)
                message = f"{column.table.name}.{column.name} cannot hold {value!r}"
                raise HTTPException(status_code=422, detail=message[:500])


@event.listens_for(Engine, "handle_error")
def _refuse_duplicates(context: Any) -> None:
    if isinstance(context.sqlalchemy_exception, IntegrityError):
        raise HTTPException(status_code=409, detail="the change contradicts other rows") from None
