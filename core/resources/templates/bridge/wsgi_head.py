"""Lets functions that were written for containers in memory work on database tables.

    products_db = bridged_list(Product)

    app = Flask(__name__)
    app.wsgi_app = StoresMiddleware(app.wsgi_app)

While a request is answered ``products_db`` behaves as the list, dict or set that it always was, and
``products_db.current`` is the container itself. Its rows are read when the request first touches it. What the
request has changed is written back in one transaction before the answer goes out; what it changed before an
exception is kept too, as it was in memory. Code outside of requests opens the stores itself: ``with open_stores(): ...``
"""

from __future__ import annotations

import copy
import enum
import functools
import json
import math
import threading
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

from sqlalchemy import BigInteger, Integer, String, select, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from covet_database import database_session

Item = Tuple[Any, Any]  # dict key (None in lists and sets) and element

_open: ContextVar[Optional[_Scope]] = ContextVar("covet_bridge", default=None)
_alone = threading.Lock()  # requests that use stores follow one another, as they did on one thread


class RefusedChange(Exception):
    """A change that the tables cannot hold; the request is answered with its status."""

    status = "422 Unprocessable Entity"


class NarrowedValue(RefusedChange):
    """A value that memory could hold and a column of the table cannot."""


class DuplicateKey(RefusedChange):
    """A record whose key another row has, or that others still refer to."""

    status = "409 Conflict"
