"""How a handler's Python signature meets FastAPI's.

Handlers see this package's ``Request`` and may return plain values. FastAPI knows neither, so each
handler, error handler and dependency is wrapped in a function that FastAPI understands.
"""

from __future__ import annotations

import functools
import inspect
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Callable, Dict, Tuple, get_args

import starlette.requests
from starlette.concurrency import run_in_threadpool

from .types import Request, as_response

Signature = Tuple[inspect.Signature, Tuple[str, ...]]


@dataclass(frozen=True)
class Route:
    """One registered route: its path pattern, its methods, and the handler as it was written."""

    path: str
    methods: Tuple[str, ...]
    endpoint: Callable[..., Any]


def route_endpoint(handler: Callable[..., Any]) -> Callable[..., Any]:
    """An ``async`` function that calls `handler` and answers with a response object.

    Sync handlers run in a worker thread, async ones on the event loop.
    """
    signature, request_names = _fastapi_signature(handler)
    is_async = _is_async(handler)

    async def endpoint(**arguments: Any) -> Any:
        _wrap_requests(arguments, request_names)
        outcome = handler(**arguments) if is_async else await run_in_threadpool(handler, **arguments)
        if inspect.isawaitable(outcome):
            outcome = await outcome
        return as_response(outcome)

    endpoint.__name__ = getattr(handler, "__name__", "endpoint")
    endpoint.__signature__ = signature  # type: ignore[attr-defined]
    return endpoint


def error_endpoint(handler: Callable[..., Any]) -> Callable[..., Any]:
    """The same for ``handler(request, error)``; a plain value keeps the error's status, else 500."""

    async def endpoint(request: starlette.requests.Request, error: Exception) -> Any:
        outcome = handler(Request(request), error)
        if inspect.isawaitable(outcome):
            outcome = await outcome
        return as_response(outcome, getattr(error, "status_code", 500))

    return endpoint


@functools.lru_cache(maxsize=None)
def dependency_endpoint(provider: Callable[..., Any]) -> Callable[..., Any]:
    """`provider` itself, or a wrapper of the same kind when it takes a ``Request``.

    Cached, since FastAPI recognises a dependency that several handlers share by its identity.
    """
    signature, request_names = _fastapi_signature(provider)
    if not request_names and not _has_text_annotations(provider):
        return provider
    wrapper: Callable[..., Any]
    if inspect.isasyncgenfunction(provider):

        async def wrapper(**arguments: Any) -> Any:
            # As a context, so that the provider sees the error that the handler raised.
            opened = asynccontextmanager(provider)(**_wrap_requests(arguments, request_names))
            async with opened as value:
                yield value

    elif inspect.isgeneratorfunction(provider):

        def wrapper(**arguments: Any) -> Any:
            yield from provider(**_wrap_requests(arguments, request_names))

    elif _is_async(provider):

        async def wrapper(**arguments: Any) -> Any:
            return await provider(**_wrap_requests(arguments, request_names))

    else:

        def wrapper(**arguments: Any) -> Any:
            return provider(**_wrap_requests(arguments, request_names))

    wrapper.__signature__ = signature  # type: ignore[attr-defined]
    return wrapper


def _fastapi_signature(function: Callable[..., Any]) -> Signature:
    """The signature for FastAPI, and the names of the parameters that take a ``Request``.

    Text annotations are evaluated where the function was defined, which for a decorated function is not
    the module of its wrapper. ``*args`` and ``**kwargs`` carry nothing and are left out, and so is the
    return annotation, which FastAPI would take for a response schema.
    """
    parameters = []
    request_names = []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        annotation = _evaluated(parameter.annotation, function)
        unannotated = annotation is parameter.empty and parameter.name == "request"
        if unannotated or _is_request(annotation):
            request_names.append(parameter.name)
            annotation = starlette.requests.Request
        parameters.append(
            parameter.replace(annotation=annotation, kind=inspect.Parameter.KEYWORD_ONLY)
        )
    return inspect.Signature(parameters), tuple(request_names)


def _is_request(annotation: Any) -> bool:
    return annotation is Request or any(_is_request(part) for part in get_args(annotation))


def _evaluated(annotation: Any, function: Callable[..., Any]) -> Any:
    if not isinstance(annotation, str):
        return annotation
    inner = inspect.unwrap(function)
    module = sys.modules.get(getattr(inner, "__module__", ""), None)
    names: Dict[str, Any] = getattr(inner, "__globals__", None) or vars(module or object)
    try:
        return eval(annotation, dict(names))
    except Exception:
        return annotation


def _has_text_annotations(function: Callable[..., Any]) -> bool:
    return any(isinstance(p.annotation, str) for p in inspect.signature(function).parameters.values())


def _wrap_requests(arguments: Dict[str, Any], names: Tuple[str, ...]) -> Dict[str, Any]:
    for name in names:
        arguments[name] = Request(arguments[name])
    return arguments


def _is_async(function: Callable[..., Any]) -> bool:
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)
    )
