"""JSON as the legacy applications wrote it: ``json.dumps`` with its defaults.

So ``NaN`` and ``Infinity`` are let through, keys that are numbers become text, non-ASCII text is escaped,
and a value that JSON does not know raises ``TypeError``, with these exceptions: dates, times, ``Decimal``
and ``UUID`` are written as their ``str()``, Pydantic models as their JSON form, and objects with a
``to_dict()`` as what it returns.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID


def dumps(value: Any) -> bytes:
    return json.dumps(value, default=_fallback).encode()


def _fallback(value: Any) -> Any:
    if isinstance(value, (datetime, date, time, Decimal, UUID)):
        return str(value)
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if callable(getattr(value, "to_dict", None)):
        return value.to_dict()
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
