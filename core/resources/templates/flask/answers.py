"""What Flask does around handlers, for an application that was written for it.

The application's clients know Flask's answers: JSON with sorted keys, HTML for text and for errors, 415
and 400 for bodies that are no JSON, HEAD and OPTIONS on every route, redirects to the trailing slash.
``keep_flask_rules(app)`` and the functions below keep them. What clients do not rely on can go.
"""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import http
import importlib
import inspect
import json
import logging
import os
import re
import time
import types
import typing
from contextvars import ContextVar
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime, formatdate
from typing import Annotated, Any, Awaitable, Callable, Dict, Iterable, List, Optional, Tuple
from urllib.parse import parse_qsl, quote, unquote, urlencode
from uuid import UUID

from pydantic import BeforeValidator

from covetpy import HTTPException
from covetpy.types import Request
from covetpy.types import Response as PlainResponse

JSON = "application/json"
HTML = "text/html; charset=utf-8"


class Settings(Dict[str, Any]):
    """What an application keeps under names in capitals."""

    def from_object(self, given: Any) -> None:
        """Takes the settings of a module or a class, also by its dotted name."""
        if isinstance(given, str):
            module, _, name = given.rpartition(".")
            try:
                given = importlib.import_module(given)
            except ImportError:
                given = getattr(importlib.import_module(module), name)
        self.update({name: getattr(given, name) for name in dir(given) if name.isupper()})

    def from_pyfile(self, path: str, within: str = "", silent: bool = False) -> bool:
        """Takes the settings of a file of Python."""
        try:
            with open(os.path.join(within, path), "rb") as file:
                found = types.ModuleType("config")
                exec(compile(file.read(), path, "exec"), found.__dict__)
        except OSError:
            if silent:
                return False
            raise
        self.from_object(found)
        return True

    def from_envvar(self, variable: str, within: str = "", silent: bool = False) -> bool:
        path = os.environ.get(variable)
        if not path and silent:
            return False
        if not path:
            raise RuntimeError(f"The environment variable {variable!r} is not set, so that no settings could be loaded.")
        return self.from_pyfile(path, within, silent)

    def from_file(self, path: str, load: Any, within: str = "", silent: bool = False, text: bool = True) -> bool:
        """Takes the settings that `load` reads from a file."""
        try:
            with open(os.path.join(within, path), "r" if text else "rb") as file:
                return self.from_mapping(load(file))
        except OSError:
            if silent:
                return False
            raise

    def get_namespace(self, start: str, lowercase: bool = True, trim_namespace: bool = True) -> Dict[str, Any]:
        """The settings whose names begin so."""
        found = {name[len(start) if trim_namespace else 0 :]: value for name, value in self.items() if name.startswith(start)}
        return {name.lower() if lowercase else name: value for name, value in found.items()}

    def from_prefixed_env(self, prefix: str = "FLASK", *, loads: Any = json.loads) -> bool:
        """Takes the variables of the environment whose names begin so; two underscores lead into a dict."""
        for name in sorted(os.environ):
            if not name.startswith(prefix + "_"):
                continue
            value: Any = os.environ[name]
            try:
                value = loads(value)
            except Exception:
                pass
            place: Any = self
            *outer, last = name[len(prefix) + 1 :].split("__")
            for part in outer:
                place = place.setdefault(part, {})
            place[last] = value
        return True

    def from_mapping(self, *given: Any, **more: Any) -> bool:
        self.update({name: value for name, value in dict(*given, **more).items() if name.isupper()})
        return True


_settings: Dict[Any, Settings] = {}


def app_settings(app: Any) -> Settings:
    return _settings.setdefault(app, Settings())


def config_folder(module: str, name: str, instance: bool = False) -> str:
    """Where an application that the module makes looks for its settings: beside itself, or in its instance folder."""
    folder = os.path.dirname(os.path.abspath(module))
    package = os.path.basename(module) == "__init__.py"
    for _ in range(name.count(".") + package if instance and name != "__main__" else 0):
        folder = os.path.dirname(folder)
    return os.path.join(folder, "instance") if instance else folder


def _json_fallback(value: Any) -> Any:
    if isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        moment = moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)
        return format_datetime(moment, usegmt=True)
    if isinstance(value, (Decimal, UUID)):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


class JSONProvider:
    """Turns values into JSON and back, with the settings that ``app.json`` of Flask has."""

    default: Callable[[Any], Any] = staticmethod(_json_fallback)
    sort_keys, ensure_ascii, compact, mimetype = True, True, None, JSON

    def __init__(self, app: Any = None) -> None:
        self.app = app

    def dumps(self, obj: Any, **options: Any) -> str:
        return json.dumps(obj, **{"default": self.default, "sort_keys": self.sort_keys, "ensure_ascii": self.ensure_ascii, **options})

    def loads(self, s: Any, **options: Any) -> Any:
        return json.loads(s, **options)


_json = JSONProvider()


def app_json(app: Any = None) -> Any:
    return _json


def set_app_json(app: Any, provider: Any) -> None:
    """Lets an application write and read JSON through an object of its own."""
    global _json
    _json = provider


def _json_text(value: Any) -> str:
    layout: Dict[str, Any] = {"indent": 2} if getattr(_json, "compact", None) is False else {"separators": (",", ":")}
    return str(_json.dumps(value, **layout)) + "\n"


def json_text(value: Any, **options: Any) -> str:
    """``flask.json.dumps``."""
    return str(_json.dumps(value, **options))


def answer(value: Any) -> PlainResponse:
    """What a handler gave, as Flask reads it: a body alone, or with a status, headers or both."""
    status: Any = None
    headers: Any = None
    if isinstance(value, tuple):
        if len(value) == 3:
            value, status, headers = value
        elif len(value) == 2 and isinstance(value[1], (dict, list, tuple)):
            value, headers = value
        elif len(value) == 2:
            value, status = value
    code = None if status is None else int(str(status).split()[0] if isinstance(status, str) else status)
    if isinstance(value, (str, bytes, bytearray)):
        value = Response(data=value, status_code=code or 200, media_type=HTML)
    elif isinstance(value, (dict, list)):
        value = Response(data=value, status_code=code or 200)
    elif hasattr(value, "__next__"):
        value = StreamedResponse(value, code or 200)
    elif not hasattr(value, "status_code") or not hasattr(value, "headers"):
        raise TypeError(f"the handler gave {type(value).__name__}, which is no answer")
    elif code is not None and code != value.status_code:
        value.status_code = code
        if code in (204, 304):
            value.body = b""
            value.headers["content-length"] = "0"
    for name, content in headers.items() if isinstance(headers, dict) else headers or ():
        value.headers[name] = _quoted_location({name: content})[name] if name.lower() == "location" else str(content)
    return typing.cast(PlainResponse, value)


def _quoted_location(headers: Any) -> Dict[str, str]:
    """A path in a header is percent-encoded, as Werkzeug does."""
    safe = "!#$%&'()*+,/:;=?@[]~"
    return {name: quote(str(text), safe=safe) if name.lower() == "location" else text for name, text in dict(headers or {}).items()}


def make_response(*values: Any) -> PlainResponse:
    if not values:
        return Response(media_type=HTML)
    return answer(values[0] if len(values) == 1 else values)


def text_response(
    response: Any = b"", status: Any = 200, headers: Any = None, mimetype: Any = None, content_type: Any = None
) -> PlainResponse:
    """A response whose body is sent as it is, text under any media type included."""
    kind = content_type or mimetype or "text/html"
    kind = with_charset(kind) if content_type is None else kind
    code = int(status.split()[0] if isinstance(status, str) else status)
    if hasattr(response, "__next__"):
        return StreamedResponse(response, code, headers, kind)
    if isinstance(response, (list, tuple)):
        response = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in response)
    body = response.encode() if isinstance(response, str) else bytes(response or b"")
    return Response(data=body, status_code=code, headers=headers, media_type=kind)


def redirect(location: str, code: int = 302) -> PlainResponse:
    shown = _escape(location)
    page = (
        "<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>\n<h1>Redirecting...</h1>\n"
        f"<p>You should be redirected automatically to the target URL: <a href=\"{shown}\">{shown}</a>. "
        "If not, click the link.\n"
    )
    return Response(data=page, status_code=code, headers={"location": location}, media_type=HTML)


def _escape(text: str) -> str:
    for plain, entity in (("&", "&amp;"), (">", "&gt;"), ("<", "&lt;"), ("'", "&#39;"), ('"', "&#34;")):
        text = text.replace(plain, entity)
    return text
