"""What the package ``covet`` (0.1) did around handlers, for an application that was written for it.

Handlers take a request and the parts of the path, and give a dict, text, ``(body, status)`` or a response.
``@covet_handler`` keeps that, ``keep_covet_rules(app)`` the answers to unknown paths and to errors. What clients
do not rely on can go.
"""

from __future__ import annotations

import functools
import inspect
import json
import logging
import typing
from typing import Any, Awaitable, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple
from urllib.parse import parse_qs, unquote_plus

from covetpy.types import Request as TargetRequest
from covetpy.types import Response as TargetResponse

JSON = "application/json"


class Headers(Dict[str, str]):
    """Names in any case; the last spelling is the one that is sent."""

    def __init__(self, given: Optional[Mapping[str, str]] = None) -> None:
        super().__init__()
        self.update(given or {})

    def _known(self, name: object) -> Any:
        return next((known for known in self if known.lower() == str(name).lower()), name)

    def __setitem__(self, name: str, value: Any) -> None:
        super().pop(self._known(name), None)
        super().__setitem__(name, str(value))

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(self._known(name))

    def __delitem__(self, name: str) -> None:
        super().__delitem__(self._known(name))

    def __contains__(self, name: object) -> bool:
        return super().__contains__(self._known(name))

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(self._known(name), default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self[name] = default
        return self[name]

    def update(self, *given: Any, **more: Any) -> None:
        for name, value in dict(*given, **more).items():
            self[name] = value


class Query:
    """The query string: ``get`` gives the first value of a name, ``get_list`` all of them."""

    def __init__(self, text: str) -> None:
        self.values = parse_qs(text, keep_blank_values=True)

    def get(self, name: str, default: Any = None) -> Any:
        return self.values[name][0] if self.values.get(name) else default

    def get_list(self, name: str) -> List[str]:
        return self.values.get(name, [])

    def __getitem__(self, name: str) -> Optional[str]:
        return typing.cast(Optional[str], self.get(name))

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)

    def keys(self) -> Any:
        return self.values.keys()

    def items(self) -> Iterator[Tuple[str, str]]:
        return ((name, value) for name, values in self.values.items() for value in values)


class Cookies(Dict[str, str]):
    """Cookies of a request, which are reached with a call or without one."""

    def __call__(self) -> "Cookies":
        return self


def _part(text: Any) -> Any:
    """A part of the path as handlers know it: digits are a number."""
    return int(text) if isinstance(text, str) and text.isdigit() else text


class Request:
    """The request in progress. Code around handlers may keep values on it."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.scope = inner, inner.scope
        self.method = inner.scope["method"]
        self.url = self.path = inner.scope["path"]
        self.scheme = inner.scope.get("scheme", "http")
        self.headers = Headers({name.decode("latin-1"): value.decode("latin-1") for name, value in inner.scope["headers"]})
        self.query = self.query_params = Query(inner.scope.get("query_string", b"").decode("latin-1"))
        self.context: Dict[str, Any] = {}
        self.body = _Body(inner)

    @property
    def path_params(self) -> Dict[str, Any]:
        return {name: _part(text) for name, text in self.inner.path_params.items()}

    @property
    def client(self) -> Any:
        return self.scope.get("client")

    @property
    def remote_addr(self) -> str:
        return (self.scope.get("client") or ("",))[0]

    @property
    def content_type(self) -> str:
        return typing.cast(str, self.headers.get("content-type", ""))

    def is_json(self) -> bool:
        return JSON in self.content_type.lower()

    def is_form(self) -> bool:
        return "application/x-www-form-urlencoded" in self.content_type.lower()

    def get_header(self, name: str, default: Any = None) -> Any:
        return self.headers.get(name, default)

    @property
    def cookies(self) -> Cookies:
        found = Cookies()
        for part in self.headers.get("cookie", "").split(";"):
            name, sign, value = part.strip().partition("=")
            if sign:
                found[name] = unquote_plus(value)
        return found

    async def json(self) -> Any:
        """The body as JSON; an empty one is an empty object."""
        body = await self.inner.body()
        return json.loads(body.decode("utf-8")) if body else {}

    async def text(self) -> str:
        return typing.cast(str, (await self.inner.body()).decode("utf-8"))

    async def form(self) -> Dict[str, str]:
        """The fields of a form, the first value of each."""
        fields = parse_qs((await self.inner.body()).decode("utf-8"), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}


class _Body:
    """``await request.body()`` and ``await request.body.read()``."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def __call__(self) -> bytes:
        return typing.cast(bytes, await self.inner.body())

    read = __call__


def _request(inner: Any) -> Request:
    """One object for each request, so that what middleware keeps on it is there in handlers."""
    if isinstance(inner, Request):
        return inner
    known: Optional[Request] = inner.scope.get("covet.request")
    if known is None:
        inner.scope["covet.request"] = known = Request(inner)
    else:
        known.inner, known.scope = inner, inner.scope
    return known


class Response:
    """An answer: its content, status and headers may still change on the way out."""

    def __init__(
        self,
        content: Any = "",
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        media_type: Optional[str] = None,
        charset: str = "utf-8",
    ) -> None:
        self.content, self.status_code, self.charset = content, status_code, charset
        if media_type is None:
            media_type = JSON if isinstance(content, (dict, list)) else "text/plain"
            if isinstance(content, bytes):
                media_type = "application/octet-stream"
        self.media_type = media_type
        self.headers = Headers(headers)
        self.cookies: Dict[str, str] = {}
        plain = media_type.startswith("text/") or media_type == JSON
        self.headers.setdefault("content-type", f"{media_type}; charset={charset}" if plain else media_type)

    def set_cookie(
        self,
        name: str,
        value: str = "",
        max_age: Optional[int] = None,
        expires: Optional[str] = None,
        path: str = "/",
        domain: Optional[str] = None,
        secure: bool = False,
        http_only: bool = False,
        same_site: Optional[str] = None,
    ) -> None:
        parts = [f"{name}={value}"]
        settings = {"Max-Age": max_age, "Expires": expires, "Path": path, "Domain": domain}
        parts += [f"{key}={setting}" for key, setting in settings.items() if setting not in (None, "")]
        parts += [flag for flag, is_set in (("Secure", secure), ("HttpOnly", http_only)) if is_set]
        self.cookies[name] = "; ".join(parts + ([f"SameSite={same_site}"] if same_site else []))

    def delete_cookie(self, name: str, path: str = "/", domain: Optional[str] = None) -> None:
        self.set_cookie(name, "", max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT", path=path, domain=domain)

    def get_content_bytes(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        if isinstance(self.content, (dict, list)):
            return json.dumps(self.content, ensure_ascii=False, separators=(",", ":")).encode(self.charset)
        return str(self.content).encode(self.charset)

    def sent(self) -> Any:
        """The same as the framework sends it."""
        body = b"" if self.status_code in (204, 304) else self.get_content_bytes()
        made = TargetResponse(body, status_code=self.status_code, headers=dict(self.headers), media_type=None)
        made.raw_headers.extend((b"set-cookie", cookie.encode("latin-1")) for cookie in self.cookies.values())
        return made


def json_response(data: Any, status_code: int = 200, headers: Optional[Mapping[str, str]] = None) -> Response:
    return Response(data, status_code, headers, JSON)


def html_response(content: str, status_code: int = 200, headers: Optional[Mapping[str, str]] = None) -> Response:
    return Response(content, status_code, headers, "text/html")


def text_response(content: str, status_code: int = 200, headers: Optional[Mapping[str, str]] = None) -> Response:
    return Response(content, status_code, headers, "text/plain")


def redirect_response(url: str, status_code: int = 302, headers: Optional[Mapping[str, str]] = None) -> Response:
    return Response("", status_code, {"location": url, **dict(headers or {})})


def error_response(message: Any, status_code: int = 500, headers: Optional[Mapping[str, str]] = None) -> Response:
    return json_response({"error": message, "status": status_code}, status_code, headers)


class CovetError(Exception):
    """An error that the client hears of, with its status."""

    def __init__(self, message: Any = "", status_code: int = 500, headers: Any = None, error_code: Any = None, context: Any = None) -> None:
        super().__init__(message)
        self.message, self.status_code, self.headers = message, status_code, headers
        self.error_code, self.context = error_code, context


class HTTPException(CovetError):
    def __init__(self, status_code: int = 500, detail: Any = "", headers: Any = None) -> None:
        super().__init__(detail, status_code, headers)
        self.detail = detail


def answer(value: Any) -> Response:
    """What a handler gave: a response, a body, ``(body, status)`` or ``(body, status, headers)``."""
    if isinstance(value, Response):
        return value
    if isinstance(value, tuple) and 2 <= len(value) <= 3 and isinstance(value[1], int):
        made = answer(value[0]) if value[0] is not None else Response("", 204)
        made.status_code = value[1]
        made.headers.update(value[2] if len(value) == 3 else {})
        return made
    if value is None:
        return Response("", 204)
    if isinstance(value, (dict, list)):
        return json_response(value)
    return Response(value if isinstance(value, (str, bytes)) else str(value))
