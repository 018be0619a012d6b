"""Blueprints that check what clients send and write what handlers give, as Flask-Smorest has them, on marshmallow alone.

What only describes an application (``doc``, ``alt_response``, descriptions, examples) is taken and changes nothing: there are
no pages of documentation.
"""

from __future__ import annotations

import functools
import inspect
import json
import re
import typing
from typing import Any, Callable, Dict, List, Optional, Tuple

import marshmallow
from covet_flask import (
    _NAMES, HTTPError, HTTPException, PlainResponse, Response, RouteGroup, _parameters_of, answer, current_request, error_handler, flask_error,
    gives,
)  # fmt: skip

__all__ = ["Api", "Blueprint", "Page", "abort"]

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")


def abort(http_status_code: int, exc: Any = None, **data: Any) -> Any:
    """Ends the request with an error; its answer has the message and the errors that are named."""
    if http_status_code not in _NAMES:
        raise LookupError(f"no exception for {http_status_code}")
    error = HTTPError(http_status_code)
    error.data = data  # type: ignore[attr-defined]
    raise error


async def _called(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    outcome = function(*args, **kwargs)
    return await outcome if inspect.isawaitable(outcome) else outcome


def _schema(given: Any) -> Any:
    """An object of a schema out of its class or of a dict of fields."""
    if isinstance(given, dict):
        given = marshmallow.Schema.from_dict(given)
    return given() if isinstance(given, type) else given


def _unpacked(value: Any) -> Tuple[Any, Any, Any]:
    """Body, status and headers of what a handler gave."""
    if type(value) is not tuple:
        return value, None, None
    if len(value) == 3:
        return value
    return (value[0], None, value[1]) if isinstance(value[1], (dict, list, tuple)) else (value[0], value[1], None)


def _json_body() -> Any:
    kind = current_request.mimetype
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        return {}
    try:
        text = current_request.data.decode()
        return {} if text == "" else json.loads(text)
    except ValueError:
        abort(400, messages={"json": ["Invalid JSON body."]})


def _named(values: Any, schema: Any) -> Dict[str, Any]:
    """Values of a query or a form by their names: lists where the schema has lists."""
    fields = {field.data_key or name: field for name, field in schema.load_fields.items()}
    several = {name for name, field in fields.items() if isinstance(field, (marshmallow.fields.List, marshmallow.fields.Tuple))}
    return {name: values.getlist(name) if name in several else values[name] for name in values}


def _headers(schema: Any) -> Dict[str, Any]:
    fields = {field.data_key or name for name, field in schema.load_fields.items()}
    return {name: current_request.headers[name] for name in fields if name in current_request.headers}


#: Where values come from, and what happens to those that a schema does not know.
_PLACES: Dict[str, Tuple[Callable[[Any], Any], Optional[str]]] = {
    "json": (lambda schema: _json_body(), None),
    "form": (lambda schema: _named(current_request.form, schema), None),
    "query": (lambda schema: _named(current_request.args, schema), marshmallow.EXCLUDE),
    "querystring": (lambda schema: _named(current_request.args, schema), marshmallow.EXCLUDE),
    "headers": (_headers, marshmallow.EXCLUDE),
    "cookies": (lambda schema: current_request.cookies, marshmallow.EXCLUDE),
    "files": (lambda schema: _named(current_request.files, schema), marshmallow.EXCLUDE),
    "path": (lambda schema: current_request.view_args or {}, marshmallow.RAISE),
    "view_args": (lambda schema: current_request.view_args or {}, marshmallow.RAISE),
}


def _read(schema: Any, location: str, unknown: Any = None, status: Optional[int] = None, headers: Any = None) -> Any:
    read, otherwise = _PLACES[location]
    given = read(schema)
    unknown = unknown or otherwise
    try:
        return schema.load(given, **({"unknown": unknown} if unknown else {}))
    except marshmallow.ValidationError as error:
        abort(status or 422, exc=error, messages={location: error.messages}, headers=headers or {})


class PaginationParameters:
    def __init__(self, page: int, page_size: int) -> None:
        self.page, self.page_size = page, page_size
        self.item_count: Optional[int] = None

    @property
    def first_item(self) -> int:
        return (self.page - 1) * self.page_size

    @property
    def last_item(self) -> int:
        return self.first_item + self.page_size - 1

    def told(self) -> Dict[str, int]:
        """Where the page stands among all of them."""
        if not self.item_count:
            return {"total": 0, "total_pages": 0}
        last = (self.item_count - 1) // self.page_size + 1
        known = {"total": self.item_count, "total_pages": last, "first_page": 1, "last_page": last}
        if self.page <= last:
            known["page"] = self.page
            if self.page > 1:
                known["previous_page"] = self.page - 1
            if self.page < last:
                known["next_page"] = self.page + 1
        return known


class Page:
    """One page of a collection."""

    def __init__(self, collection: Any, page_params: PaginationParameters) -> None:
        self.collection, self.page_params = collection, page_params
        self.page_params.item_count = self.item_count

    @property
    def items(self) -> List[Any]:
        return list(self.collection[self.page_params.first_item : self.page_params.last_item + 1])

    @property
    def item_count(self) -> int:
        return len(self.collection)


class Blueprint(RouteGroup):
    """Handlers and view classes under one prefix."""

    def __init__(self, name: str, import_name: Any = None, *, url_prefix: Optional[str] = None, description: str = "", **more: Any) -> None:
        super().__init__(prefix=url_prefix or "", name=name)
        self.description = description

    def route(self, rule: str, methods: Any = None, **options: Any) -> Callable[[Any], Any]:  # type: ignore[override]
        def add(view: Any) -> Any:
            path = re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", lambda part: "{" + part[2] + (":path" if part[1] == "path" else "") + "}", rule)
            parts = re.findall(r"{(\w+)", path)
            if not isinstance(view, type):
                self.add_route(path, _handler(view, inspect.signature(view).parameters.values(), view, parts), methods or ["GET"])
                return view
            for verb in _VERBS:
                if getattr(view, verb, None) and (methods is None or verb.upper() in methods):
                    called = functools.partial(_of_new, view, verb)
                    self.add_route(path, _handler(called, _parameters_of(view, verb), getattr(view, verb), parts), [verb.upper()])
            return view

        return add

    def arguments(
        self, schema: Any, *, location: str = "json", unknown: Any = None, error_status_code: Optional[int] = None, error_headers: Any = None, **documentation: Any
    ) -> Callable[[Any], Any]:  # fmt: skip
        """Hands what the client sends to the function, after its check; the uppermost decorator gives the first value."""
        made = _schema(schema)

        def decorate(function: Callable[..., Any]) -> Any:
            @functools.wraps(function)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                return await _called(function, *args, _read(made, location, unknown, error_status_code, error_headers), **kwargs)

            return gives(1)(wrapper)

        return decorate

    def response(self, status_code: Any, schema: Any = None, **documentation: Any) -> Callable[[Any], Any]:
        """Writes what the function gives with the schema; whole answers go out as they are."""
        made = _schema(schema)

        def decorate(function: Callable[..., Any]) -> Any:
            @functools.wraps(function)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                value, status, headers = _unpacked(await _called(function, *args, **kwargs))
                if isinstance(value, PlainResponse):
                    return answer((value, value.status_code if status is None else status, headers or {}))
                body = Response(data=value if made is None or isinstance(schema, str) else made.dump(value))
                return answer((body, int(status_code) if status is None else status, headers or {}))

            return wrapper

        return decorate

    def paginate(self, pager: Any = None, *, page: int = 1, page_size: int = 10, max_page_size: int = 100) -> Callable[[Any], Any]:
        fields = marshmallow.fields
        most = marshmallow.validate.Range(min=1, max=max_page_size)
        asked = _schema({
            "page": fields.Integer(load_default=page, validate=marshmallow.validate.Range(min=1)),
            "page_size": fields.Integer(load_default=page_size, validate=most),
        })  # fmt: skip

        def decorate(function: Callable[..., Any]) -> Any:
            @functools.wraps(function)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                where = PaginationParameters(**_read(asked, "query"))
                if pager is None:
                    kwargs["pagination_parameters"] = where
                value, status, headers = _unpacked(await _called(function, *args, **kwargs))
                if pager is not None:
                    value = pager(value, page_params=where).items
                if where.item_count is not None:
                    headers = {**(headers or {}), "X-Pagination": json.dumps(where.told())}
                return value, status, headers

            return wrapper if pager is not None else gives(0, "pagination_parameters")(wrapper)

        return decorate

    def alt_response(self, *documentation: Any, **more: Any) -> Callable[[Any], Any]:
        return lambda function: function

    doc = alt_response


async def _of_new(view: Any, verb: str, *args: Any, **kwargs: Any) -> Any:
    """Every request gets an object of its own."""
    return await _called(getattr(view(), verb), *args, **kwargs)


def _handler(called: Callable[..., Any], parameters: Any, described: Any, parts: List[str]) -> Callable[..., Any]:
    async def handler(*args: Any, **kwargs: Any) -> Any:
        return answer(await _called(called, *args, **kwargs))

    hints = typing.get_type_hints(inspect.unwrap(described), include_extras=True)
    own = [one.replace(annotation=hints.get(one.name, one.annotation)) for one in parameters]
    handler.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    handler.__annotations__ = {one.name: one.annotation for one in own if one.annotation is not one.empty}
    handler.__name__ = described.__qualname__.replace(".", "_")
    return handler


class Api:
    """Blueprints of an application, and its errors as JSON."""

    def __init__(self, app: Any = None, **documentation: Any) -> None:
        self.app: Any = None
        self.waiting: List[Tuple[Blueprint, Any]] = []
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Any, **documentation: Any) -> None:
        self.app = app

        @error_handler(app, HTTPException)
        async def answer_error(request: Any, error: Any) -> Any:
            return self.handle_http_exception(flask_error(error))

        for blueprint, prefix in self.waiting:
            blueprint.register(app, prefix)

    def register_blueprint(self, blueprint: Blueprint, *, url_prefix: Optional[str] = None, **documentation: Any) -> None:
        if self.app is None:
            self.waiting.append((blueprint, url_prefix))
        else:
            blueprint.register(self.app, url_prefix)

    def handle_http_exception(self, error: Any) -> Any:
        data = getattr(error, "data", None) or {}
        told = {"code": error.code, "status": error.name}
        if "message" in data:
            told["message"] = data["message"]
        if "errors" in data or "messages" in data:
            told["errors"] = data.get("errors", data.get("messages"))
        return answer((told, error.code, data.get("headers") or {}))
