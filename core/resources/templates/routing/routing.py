"""What the application had from FastAPI and its present framework leaves to applications.

    @app.post("/items")
    @answers(Item, status_code=201)      # was response_model and status_code of the route
    async def create_item(item: ItemIn): ...

    router = RouteGroup(prefix="/items")  # was APIRouter
    router.register(app, prefix="/api")   # was app.include_router(router, prefix="/api")
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import inspect
import itertools
import math
import re
from collections import deque
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import PurePath
from types import GeneratorType
from typing import Any, Callable, List, Optional, Sequence, Tuple
from urllib.parse import quote
from uuid import UUID

from pydantic import AnyUrl, BaseModel, NameEmail, SecretBytes, SecretStr, TypeAdapter
from pydantic_core import Url

from covetpy.middleware.base import BaseMiddleware
from covetpy.types import Response

_UNSET: Any = object()


def answers(
    model: Any = _UNSET,
    *,
    status_code: int = 200,
    media_type: Optional[str] = None,
    response_class: Any = None,
    dependencies: Sequence[Any] = (),
    response: Optional[str] = None,
    background: Optional[Tuple[str, Callable[[], Any]]] = None,
    include: Any = None,
    exclude: Any = None,
    by_alias: bool = True,
    exclude_unset: bool = False,
    exclude_defaults: bool = False,
    exclude_none: bool = False,
) -> Callable[[Callable[..., Any]], Any]:
    """What the function returns, as the JSON of `model`, with `status_code`; responses pass as they are.

    `media_type` sends text or bytes as they are instead; `response_class` makes the response of them;
    `dependencies` run first, for their effect; `response` names a parameter that gets a response whose
    status, headers and cookies are taken over, `background` one that gets tasks for after the answer.
    The function itself stays at hand for other code: ``create_item.plain(...)``.
    """
    adapter = None if model is _UNSET or model is None else TypeAdapter(model)
    options = {
        "by_alias": by_alias,
        "exclude_unset": exclude_unset,
        "exclude_defaults": exclude_defaults,
        "exclude_none": exclude_none,
    }

    def respond(result: Any) -> Any:
        if hasattr(result, "status_code") and callable(result):
            return result
        if response_class is not None:
            return response_class(result, **({} if status_code == 200 else {"status_code": status_code}))
        if media_type is not None:
            return Response(data=result, status_code=status_code, media_type=media_type)
        if adapter is None:
            data = jsonable_encoder(result)
        else:
            value = adapter.validate_python(result, from_attributes=True)
            data = adapter.dump_python(value, mode="json", include=include, exclude=exclude, **options)
        if data is None and status_code not in (204, 304):
            return Response(data=b"null", status_code=status_code)
        return Response(data=data, status_code=status_code)

    def decorate(function: Callable[..., Any]) -> Any:
        wrapper = _wrapped(function, respond, dependencies, response, background)
        wrapper.plain = function
        return wrapper

    return decorate


class RouteGroup:
    """Routes that are collected first and registered on the application later."""

    def __init__(self, prefix: str = "", dependencies: Sequence[Any] = ()) -> None:
        self.prefix, self.dependencies = prefix, tuple(dependencies)
        self.routes: List[Tuple[str, Callable[..., Any], Tuple[str, ...]]] = []
        self.beside: List[Callable[[Any, str], Any]] = []  # what is no route: put(target, prefix)

    def get(self, path: str) -> Callable[[Callable[..., Any]], Any]:
        return self.route(path, methods=["GET"])

    def post(self, path: str) -> Callable[[Callable[..., Any]], Any]:
        return self.route(path, methods=["POST"])

    def put(self, path: str) -> Callable[[Callable[..., Any]], Any]:
        return self.route(path, methods=["PUT"])

    def delete(self, path: str) -> Callable[[Callable[..., Any]], Any]:
        return self.route(path, methods=["DELETE"])

    def route(self, path: str, methods: Sequence[str] = ("GET",)) -> Callable[[Callable[..., Any]], Any]:
        def register(handler: Callable[..., Any]) -> Any:
            self.add_route(path, handler, methods=methods)
            return handler

        return register

    def add_route(self, path: str, handler: Callable[..., Any], methods: Sequence[str] = ("GET",)) -> None:
        self.routes.append((self.prefix + path, handler, tuple(methods)))

    def register(self, target: Any, prefix: str = "", dependencies: Sequence[Any] = ()) -> None:
        """Registers the routes on an application or on another group."""
        before = [*dependencies, *self.dependencies]
        for path, handler, methods in self.routes:
            wrapped = _wrapped(handler, lambda result: result, before) if before else handler
            target.add_route(prefix + path, wrapped, methods=list(methods))
        for put in self.beside:
            put(target, prefix)


def redirect_slashes(application: Any) -> None:
    """`/items/` is sent to `/items`, or the other way round, where only the other is a route."""

    class SlashRedirects(BaseMiddleware):
        async def process_request(self, scope: Any, receive: Any, send: Any) -> Any:
            path, root = scope["path"], scope.get("root_path", "")
            if root and path.startswith(root + "/"):  # of an application below another one
                path = path[len(root) :]
            else:
                root = ""
            if path == "/" or _is_route(application, path):
                return None
            other = path.rstrip("/") if path.endswith("/") else path + "/"
            if not _is_route(application, other):
                return None
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            server = scope.get("server") or ("localhost", None)
            host = headers.get("host") or ":".join(str(part) for part in server if part is not None)
            query = scope.get("query_string", b"").decode("latin-1")
            location = f"{scope.get('scheme', 'http')}://{host}{_quoted(root + other)}" + (f"?{query}" if query else "")
            return Response(status_code=307, headers={"location": location}, media_type=None)

    application.add_middleware(SlashRedirects)


def _is_route(application: Any, path: str, method: Optional[str] = None) -> bool:
    return any(
        _pattern(route.path).fullmatch(path) and (method is None or method in route.methods)
        for route in application.routes
    )


@functools.lru_cache(maxsize=None)
def _pattern(path: str) -> "re.Pattern[str]":
    forms = {"path": ".*", "int": "[0-9]+", "float": r"[0-9]+(?:\.[0-9]+)?"}
    text = ""
    for part in re.split(r"(\{[^}]*\})", path):
        kind = part[1:-1].partition(":")[2]
        text += forms.get(kind, "[^/]+") if part.startswith("{") else re.escape(part)
    return re.compile(text, re.DOTALL)


def _quoted(path: str) -> str:
    return quote(path, safe=":/%#?=@[]!$&'()*+,;")


# Values whose JSON is their text.
_PRINTED = (
    UUID, PurePath, SecretStr, SecretBytes, NameEmail, Url, AnyUrl,
    IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network,
)  # fmt: skip


def jsonable_encoder(value: Any, include: Any = None, exclude: Any = None, by_alias: bool = True, **options: Any) -> Any:
    """The JSON form of a value; models, dataclasses and other objects become objects of their fields.

    `options` are `exclude_unset`, `exclude_defaults`, `exclude_none`, `custom_encoder` and `sqlalchemy_safe`, as FastAPI has them.
    """

    def inner(item: Any, named: Any = None, without: Any = None) -> Any:
        return jsonable_encoder(item, named, without, by_alias, **options)

    for kind, encode in (options.get("custom_encoder") or {}).items():
        if isinstance(value, kind):
            return encode(value)
    if isinstance(value, BaseModel):
        kept = {name: options[name] for name in ("exclude_unset", "exclude_defaults", "exclude_none") if name in options}
        return value.model_dump(mode="json", by_alias=by_alias, include=include, exclude=exclude, **kept)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return inner({field.name: getattr(value, field.name) for field in dataclasses.fields(value)}, include, exclude)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("Out of range float values are not JSON compliant")
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, dict):
        # Names that SQLAlchemy keeps for itself reach an answer only if that is asked for.
        safe, filled = options.get("sqlalchemy_safe", True), options.get("exclude_none")
        return {
            inner(key): inner(item)
            for key, item in value.items()
            if not (safe and isinstance(key, str) and key.startswith("_sa")) and not (filled and item is None)
            and (include is None or key in include) and (exclude is None or key not in exclude)
        }  # fmt: skip
    if isinstance(value, (list, set, frozenset, GeneratorType, tuple, deque)):
        return [inner(item, include, exclude) for item in value]
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent >= 0 else float(value)  # type: ignore[operator]
    if isinstance(value, _PRINTED):
        return str(value)
    if isinstance(value, re.Pattern):
        return value.pattern
    if isinstance(value, bytes):
        return value.decode()
    try:
        return inner(dict(value), include, exclude)
    except (TypeError, ValueError):
        return inner(vars(value), include, exclude)


def _wrapped(
    function: Callable[..., Any],
    respond: Callable[[Any], Any],
    dependencies: Sequence[Any],
    response: Optional[str] = None,
    background: Optional[Tuple[str, Callable[[], Any]]] = None,
) -> Any:
    """`function` with its outcome passed through `respond`; as sync or async as it is."""
    own = inspect.signature(function)
    free = (name for name in map("dependency_{}".format, itertools.count()) if name not in own.parameters)
    names = [next(free) for _ in dependencies]

    def arguments(given: Any) -> Any:
        kept = {name: value for name, value in given.items() if name not in names}
        if response is not None:
            kept[response] = Response(data=None, media_type=None)
            kept[response].status_code = None
        if background is not None:
            kept[background[0]] = background[1]()
        return kept

    def finished(result: Any, given: Any) -> Any:
        answer = respond(result)
        if response is not None and answer is not result:
            answer.status_code = given[response].status_code or answer.status_code
            answer.raw_headers.extend(h for h in given[response].raw_headers if h[0] != b"content-length")
        if background is not None and answer.background is None:
            answer.background = given[background[0]]
        return answer

    wrapper: Callable[..., Any]
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            given = arguments(kwargs)
            return finished(await function(*args, **given), given)

    else:

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            given = arguments(kwargs)
            return finished(function(*args, **given), given)

    first = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=Any, default=dependency)
        for name, dependency in zip(names, dependencies)
    ]
    given = {response, background[0] if background else None}
    named = [
        p
        for p in own.parameters.values()
        if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and p.name not in given
    ]
    rest = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in named]
    wrapper.__signature__ = own.replace(parameters=[*first, *rest])  # type: ignore[attr-defined]
    return wrapper
