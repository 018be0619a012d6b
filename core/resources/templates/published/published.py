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


def covet_handler(function: Optional[Callable[..., Any]] = None, **forms: type) -> Any:
    """A function of a request and parts of its path as a handler; `forms` are parts that must be numbers.

    The function itself stays at hand for other code: ``list_todos.plain(...)``.
    """
    if function is None:
        return lambda given: covet_handler(given, **forms)
    signature = inspect.signature(function)
    hints = _hints(function)
    kinds = {one.name: _kind(one, hints, at) for at, one in enumerate(_named(signature))}
    plain = function

    @functools.wraps(function)
    async def answered(*args: Any, **given: Any) -> Any:
        if args:  # of an error: handler(request, error)
            args = (_request(args[0]), *args[1:])
        request = None if args else _request(given.pop("request"))
        parts = request.path_params if request else {}
        for name, form in forms.items():
            if not isinstance(parts.get(name), int) and not (form is float and _is_float(str(parts.get(name)))):
                return unknown_path(request).sent()
        values = [request if kind == "request" else parts[name] for name, kind in kinds.items() if kind == "request" or name in parts]
        outcome = plain(*(args or values), **given)
        return answer(await outcome if inspect.isawaitable(outcome) else outcome).sent()

    injected = [one.replace(kind=one.KEYWORD_ONLY, annotation=hints.get(one.name, one.annotation)) for one in _named(signature) if kinds[one.name] == "injected"]
    own = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=TargetRequest)
    answered.__signature__ = inspect.Signature([own, *injected])  # type: ignore[attr-defined]
    answered.plain = plain  # type: ignore[attr-defined]
    return answered


def _named(signature: inspect.Signature) -> List[inspect.Parameter]:
    return [one for one in signature.parameters.values() if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]


def _hints(function: Callable[..., Any]) -> Dict[str, Any]:
    try:
        return typing.get_type_hints(inspect.unwrap(function), include_extras=True)
    except Exception:  # names that exist only for type checkers
        return {}


def _kind(one: inspect.Parameter, hints: Mapping[str, Any], at: int) -> str:
    """Where a value comes from: the request itself, a part of the path, or the framework (a session)."""
    hint = hints.get(one.name, one.annotation)
    if hasattr(hint, "__metadata__") or type(one.default).__name__ == "Depends":
        return "injected"
    if hint is Request or one.name in ("request", "req") or (at == 0 and hint is one.empty and one.name in ("_", "r")):
        return "request"
    return "part"


def _is_float(text: str) -> bool:
    return text.replace(".", "").isdigit()


def unknown_path(request: Any) -> Response:
    return json_response({"error": "Not Found", "path": request.scope["path"]}, 404)


class RouteGroup:
    """Routes that are collected first and put on the application later."""

    def __init__(self, prefix: str = "", middleware: Sequence[Callable[..., Any]] = (), tags: Any = None) -> None:
        self.prefix, self.middleware = prefix.rstrip("/"), list(middleware or ())
        self.routes: List[Tuple[str, Callable[..., Any], List[str]]] = []

    def route(self, path: str, methods: Sequence[str] = ("GET",)) -> Callable[[Any], Any]:
        def register(function: Any) -> Any:
            self.add_route(path, function, methods)
            return function

        return register

    def get(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["GET"])

    def post(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["POST"])

    def put(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["PUT"])

    def delete(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["DELETE"])

    def add_route(self, path: str, function: Callable[..., Any], methods: Sequence[str] = ("GET",)) -> None:
        self.routes.append((self.prefix + path, function, list(methods)))

    def register(self, target: Any, prefix: str = "") -> None:
        """Puts the routes on an application or another group; those without variable parts come first."""
        for path, function, methods in sorted(self.routes, key=lambda route: "{" in route[0]):
            target.add_route(prefix + path, self._around(function), methods=methods)

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if not self.middleware:
            return function

        @functools.wraps(function)
        async def wrapped(**given: Any) -> Any:
            for middleware in self.middleware:
                outcome = middleware(_request(given["request"]))
                outcome = await outcome if inspect.isawaitable(outcome) else outcome
                if isinstance(outcome, Response):
                    return outcome.sent()
            return await function(**given)

        return wrapped


_Next = Callable[[Request], Awaitable[Response]]
_around: Dict[Any, List[Callable[[Request, _Next], Any]]] = {}
_mounted: Dict[Any, List[Tuple[str, Any]]] = {}


class BaseHTTPMiddleware:
    """``dispatch(request, call_next)`` around every request."""

    def __init__(self, app: Any = None, **options: Any) -> None:
        self.app = app

    async def dispatch(self, request: Request, call_next: _Next) -> Any:
        return await call_next(request)


def add_middleware(app: Any, middleware: Any, **options: Any) -> Any:
    """Runs ``middleware(request, call_next)`` around every request; the first one added is outermost."""
    made = middleware(app, **options) if isinstance(middleware, type) else middleware
    _around.setdefault(app, []).append(made.dispatch if hasattr(made, "dispatch") else made)
    return middleware


def around(app: Any) -> Callable[[Any], Any]:
    """The decorator for what `add_middleware` takes."""
    return lambda middleware: add_middleware(app, middleware)


def mount(app: Any, path: str, child: Any, name: Optional[str] = None) -> None:
    """Leaves all paths below `path` to another application."""
    _mounted.setdefault(app, []).append((path.rstrip("/"), child))


class _Inner:
    """What middleware and error pages need of a request outside of the framework's routing."""

    def __init__(self, scope: Any, receive: Any) -> None:
        self.scope, self.receive, self.heard = scope, receive, []
        self.read: Optional[bytes] = None

    @property
    def path_params(self) -> Dict[str, Any]:
        return typing.cast(Dict[str, Any], self.scope.get("path_params", {}))

    async def body(self) -> bytes:
        if self.read is None:
            chunks = []
            while True:
                message = await self.receive()
                self.heard.append(message)
                chunks.append(message.get("body", b""))
                if not message.get("more_body"):
                    break
            self.read = b"".join(chunks)
        return self.read

    async def replay(self) -> Any:
        return self.heard.pop(0) if self.heard else await self.receive()


class CovetRules:
    """Runs middleware around the application, and answers unknown paths as the package did."""

    def __init__(self, app: Any, owner: Any) -> None:
        self.app, self.owner = app, owner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        for prefix, child in _mounted.get(self.owner, ()):
            if scope["path"] == prefix or scope["path"].startswith(prefix + "/"):
                inside = {**scope, "path": scope["path"][len(prefix) :] or "/", "root_path": scope.get("root_path", "") + prefix}
                return await child(inside, receive, send)
        chain = _around.get(self.owner, [])
        if not chain:
            return await self.app(scope, receive, send)
        inner = _Inner(scope, receive)

        async def run(request: Request, left: Sequence[Any]) -> Response:
            if not left:
                return await self.routed(scope, inner)
            outcome = left[0](request, lambda given: run(given, left[1:]))
            return answer(await outcome if inspect.isawaitable(outcome) else outcome)

        try:
            response = await run(_request(inner), chain)
        except Exception as error:
            response = failed(self.owner, scope, error)
        await response.sent()(scope, receive, send)

    async def routed(self, scope: Any, inner: _Inner) -> Response:
        """The answer of the application itself, as middleware sees it."""
        messages: List[Any] = []

        async def keep(message: Any) -> None:
            messages.append(message)

        await self.app(scope, inner.replay, keep)
        made = Response(b"".join(message.get("body", b"") for message in messages[1:]), messages[0]["status"])
        made.headers.clear()
        for name, value in messages[0]["headers"]:
            key, text = name.decode("latin-1"), value.decode("latin-1")
            if key == "set-cookie":
                made.cookies[text] = text
            elif key != "content-length":
                made.headers[key] = text
        return made


_debug: Dict[Any, bool] = {}


def failed(app: Any, scope: Any, error: BaseException) -> Response:
    if isinstance(error, CovetError):
        return error_response(error.message, error.status_code, error.headers)
    logging.getLogger(__name__).error("%s %s failed", scope["method"], scope["path"], exc_info=error)
    if _debug.get(app):
        return json_response({"error": str(error), "type": type(error).__name__}, 500)
    return json_response({"error": "Internal Server Error"}, 500)


def keep_covet_rules(app: Any, debug: Any = False) -> Any:
    """Unknown paths, errors and middleware of an application as the package had them."""
    _debug[app] = bool(debug)
    for status in (404, 405):
        app.exception_handler(status)(lambda request, error: unknown_path(request).sent())
    for kind in (CovetError, Exception):
        app.exception_handler(kind)(lambda request, error: failed(app, request.scope, error).sent())
    app.add_middleware(CovetRules, owner=app)
    return app
