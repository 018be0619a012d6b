"""Resources as Flask-RESTX serves them: its JSON, its errors, its checks of what clients send.

The names are those of ``flask_restx``, so that applications keep their code. What only describes an
application (titles, ``doc``, ``response``, ``param``) is taken and changes nothing: there are no pages
of documentation.
"""

from __future__ import annotations

import copy
import difflib
import inspect
import re
from datetime import date, datetime, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Callable, Dict, List, Optional
from urllib.parse import urlsplit, urlunsplit

from covet_flask import _NAMES, _PLACES, HTTPError, Namespace as ParseResult, Values, current_request, current_settings, flask_error, url_for
from covet_flask import Api as _Api, Argument as _Argument, RequestParser as _RequestParser, inputs as _inputs
from covet_flask import _as_mapping, _changed, _is_collection, _made, _pairs, _patterns, _propagates, _resource_answer, _unpacked, _value_of

__all__ = [
    "Api", "HTTPStatus", "Model", "Namespace", "OrderedModel", "Resource", "RestError", "SchemaModel", "abort",
    "fields", "inputs", "marshal", "marshal_with", "marshal_with_field", "reqparse",
]  # fmt: skip


class RestError(Exception):
    """What the classes below raise."""

    def __init__(self, msg: Any) -> None:
        super().__init__(str(msg))
        self.msg = msg


class MarshallingError(RestError):
    """A value that a field cannot write."""


def abort(code: Any = 500, message: Any = None, **data: Any) -> Any:
    """Ends the request with an error; the named values and the message are its body."""
    if int(code) not in _NAMES:
        raise LookupError(f"no exception for {code}")
    error = HTTPError(int(code))
    if message:
        data["message"] = str(message)
    if data:
        error.data = data  # type: ignore[attr-defined]
    raise error
