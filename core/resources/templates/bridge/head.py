"""Lets functions that were written for containers in memory work on database tables.

    products_db = bridged_list(Product)

    @app.get("/products")
    @with_stores(products_db)
    async def list_products(request):
        return {"products": products_db.current}

Under ``@with_stores`` the rows of the named stores are at hand as the lists, dicts and sets that they
always were: ``products_db`` behaves as its container, ``products_db.current`` is the container itself.
When the function ends, what it changed is written back in one transaction; what it changed before an
exception is kept too, as it was in memory.
"""

from __future__ import annotations

import asyncio
import copy
import enum
import functools
import inspect
import math
import typing
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, AsyncIterator, Callable, Dict, Iterator, List, Optional, Tuple
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, Integer, String, select, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from covetpy import HTTPException
from covetpy.database import get_database_session

Item = Tuple[Any, Any]  # dict key (None in lists and sets) and element

_open: ContextVar[Optional["_Bridge"]] = ContextVar("covet_bridge", default=None)
_locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


class NarrowedValue(HTTPException):
    """A value that memory could hold and a column of the table cannot."""

    def __init__(self, message: str) -> None:
        super().__init__(status_code=422, detail=message)


class DuplicateKey(HTTPException):
    """A record whose key another row has, or that others still refer to."""

    def __init__(self, message: str) -> None:
        super().__init__(status_code=409, detail=message)
