"""What Flask does around handlers, for an application that was written for it.

The application's clients know Flask's answers: JSON with sorted keys, HTML for text and for errors, 415
and 400 for bodies that are no JSON, HEAD and OPTIONS on every route, redirects to the trailing slash.
``keep_flask_rules(app)`` and the functions below keep them. What clients do not rely on can go.
"""

from __future__ import annotations

import asyncio
import dataclasses
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
from urllib.parse import parse_qsl, quote, urlencode
from uuid import UUID

from pydantic import BeforeValidator

from covetpy import HTTPException
from covetpy.types import Request
from covetpy.types import Response as PlainResponse

JSON = "application/json"
HTML = "text/html; charset=utf-8"


class Response(PlainResponse):
    """A response with Flask's JSON: keys in order, dates as in HTTP headers. None is ``null``."""

    def __init__(
        self,
        data: Any = b"",
        status_code: int = 200,
        headers: Any = None,
        media_type: str = JSON,
        cookies: Any = None,
    ) -> None:
        if media_type == JSON and not isinstance(data, (bytes, bytearray)):
            data = _json_text(data).encode()
        super().__init__(
            data=data, status_code=int(status_code), headers=_quoted_location(headers), media_type=media_type, cookies=cookies
        )

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: Any = None,
        expires: Any = None,
        path: Optional[str] = "/",
        domain: Optional[str] = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Any = None,
    ) -> None:
        max_age = int(max_age.total_seconds()) if isinstance(max_age, timedelta) else max_age
        if expires is None and max_age is not None:
            expires = time.time() + max_age
        if isinstance(expires, datetime):
            expires = (expires if expires.tzinfo else expires.replace(tzinfo=timezone.utc)).timestamp()
        if isinstance(expires, (int, float)):
            expires = formatdate(expires, usegmt=True)
        if not re.fullmatch(r"[\w!#$%&'()*+\-./:<=>?@\[\]^`{|}~]*", value, re.A):
            quoted = re.sub(rb'[\x00-\x19",;\\\x7f-\xff]', lambda found: b"\\" + (found[0] if found[0] in b'"\\' else b"%03o" % found[0][0]), value.encode())
            value = f'"{quoted.decode()}"'
        age = None if max_age is None else str(max_age)
        given = {"Domain": domain, "Expires": expires, "Max-Age": age, "Secure": secure, "HttpOnly": httponly, "Path": path}
        given["SameSite"] = samesite and samesite.title()
        options = [name if option is True else f"{name}={option}" for name, option in given.items() if option]
        self.headers.append("set-cookie", "; ".join([f"{key}={value}", *options]))

    def delete_cookie(self, key: str, path: Optional[str] = "/", domain: Optional[str] = None, **options: Any) -> None:
        self.set_cookie(key, expires=0, max_age=0, path=path, domain=domain, **options)

    @property
    def headers(self) -> "ResponseHeaders":  # type: ignore[override]
        return ResponseHeaders(raw=self.raw_headers)

    @property
    def data(self) -> bytes:
        """The body, which may be given later on."""
        return bytes(self.body)

    @data.setter
    def data(self, value: Any) -> None:
        if "raw_headers" not in self.__dict__:
            return  # still being made
        body = value.encode() if isinstance(value, str) else bytes(value)
        self.body = b"" if self.status_code in (204, 304) else body
        self.headers["content-length"] = len(self.body)

    set_data = data.fset  # type: ignore[attr-defined]

    def get_data(self, as_text: bool = False) -> Any:
        return self.data.decode() if as_text else self.data

    def get_json(self, force: bool = False, silent: bool = False) -> Any:
        return _json.loads(self.body) if force or self.is_json else None

    @property
    def json(self) -> Any:
        return self.get_json()

    @property
    def is_json(self) -> bool:
        return _says_json(self.content_type)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type") or ""

    @content_type.setter
    def content_type(self, value: str) -> None:
        self.headers["content-type"] = value

    @property
    def mimetype(self) -> str:
        return _media_type(self.content_type)

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        text = value.startswith("text/") or value in ("application/javascript", "application/xml") or value.endswith("+xml")
        self.content_type = f"{value}; charset=utf-8" if text else value

    @property
    def status(self) -> str:
        return f"{self.status_code} {_NAMES.get(self.status_code, http.HTTPStatus(self.status_code).phrase).upper()}"

    @status.setter
    def status(self, value: Any) -> None:
        self.status_code = int(str(value).split()[0])


class ResponseHeaders(type(PlainResponse(data=b"").headers)):  # type: ignore[misc]
    """Headers of an answer; values of any type become text."""

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, str(value))

    def add(self, name: str, value: Any) -> None:
        self.append(name, str(value))

    def set(self, name: str, value: Any) -> None:
        self[name] = value

    def extend(self, values: Any) -> None:
        for name, value in values.items() if isinstance(values, dict) else values:
            self.add(name, value)

    def pop(self, name: str, *default: Any) -> Any:
        if name not in self:
            if default:
                return default[0]
            raise KeyError(name)
        value = self[name]
        del self[name]
        return value

    def remove(self, name: str) -> None:
        del self[name]


class StreamedResponse(Response):
    """An answer whose pieces are made while it is sent."""

    def __init__(self, pieces: Iterable[Any], status_code: int = 200, headers: Any = None, media_type: str = HTML) -> None:
        super().__init__(status_code=status_code, headers=headers, media_type=media_type)
        self.pieces = iter(pieces)
        del self.headers["content-length"]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while (piece := await asyncio.to_thread(next, self.pieces, None)) is not None:
            body = piece.encode() if isinstance(piece, str) else bytes(piece)
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


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
    if content_type is None and kind.startswith("text/") and "charset" not in kind:
        kind += "; charset=utf-8"
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
