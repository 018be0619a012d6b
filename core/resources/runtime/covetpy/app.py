"""The application object: routes, error handlers, middleware, start-up and shutdown."""

from __future__ import annotations

import contextvars
import sys
from contextlib import asynccontextmanager
from inspect import isawaitable
from typing import Any, AsyncIterator, Callable, Dict, List, Optional, Sequence, Type, TypeVar, Union

from fastapi import FastAPI

from . import _engine, _settings
from .exceptions import CovetException
from .routing import Route, error_endpoint, route_endpoint

Handler = TypeVar("Handler", bound=Callable[..., Any])

#: The HTTP method of the request in progress. Sessions read it: see ``_engine.begin_mode``.
request_method: contextvars.ContextVar[Optional[str]] = _engine.request_method


class CovetApp:
    """An ASGI application.

    Paths are written ``/users/{user_id}``. There are no automatic redirects between ``/users`` and
    ``/users/``, and no documentation pages. Routes are tried in the order of registration. A path that
    exists with other methods answers 405, any other unknown path 404; both go through the handler that
    was registered for that status.
    """

    def __init__(self) -> None:
        _settings.note_entry_module(sys._getframe(1).f_globals)
        self._routes: List[Route] = []
        self._handles_every_error = False
        self._events: Dict[str, List[Callable[[], Any]]] = {"startup": [], "shutdown": []}
        self._api = FastAPI(
            openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=self._lifespan
        )
        self.exception_handler(CovetException)(lambda request, error: error.to_response())

    # -- routes ----------------------------------------------------------------------------------

    def get(self, path: str) -> Callable[[Handler], Handler]:
        return self.route(path, methods=["GET"])

    def post(self, path: str) -> Callable[[Handler], Handler]:
        return self.route(path, methods=["POST"])

    def put(self, path: str) -> Callable[[Handler], Handler]:
        return self.route(path, methods=["PUT"])

    def delete(self, path: str) -> Callable[[Handler], Handler]:
        return self.route(path, methods=["DELETE"])

    def route(self, path: str, methods: Sequence[str] = ("GET",)) -> Callable[[Handler], Handler]:
        """Registers the decorated function and returns it unchanged, so that decorators can be stacked."""

        def register(handler: Handler) -> Handler:
            self.add_route(path, handler, methods=methods)
            return handler

        return register

    def add_route(self, path: str, handler: Callable[..., Any], methods: Sequence[str] = ("GET",)) -> None:
        verbs = tuple(method.upper() for method in methods)
        self._routes.append(Route(path, verbs, handler))
        self._api.add_api_route(path, route_endpoint(handler), methods=list(verbs), response_model=None)

    @property
    def routes(self) -> List[Route]:
        """The application's own routes in the order of registration."""
        return list(self._routes)

    # -- everything around them ------------------------------------------------------------------

    def exception_handler(
        self, status_or_class: Union[int, Type[BaseException]]
    ) -> Callable[[Handler], Handler]:
        """Registers ``handler(request, error)`` for a status code or an exception class.

        A handler for ``Exception`` (or 500) answers for whatever no other handler took; such an error
        counts as handled and is not raised again.
        """

        def register(handler: Handler) -> Handler:
            if status_or_class in (500, Exception):
                self._handles_every_error = True
            self._api.add_exception_handler(status_or_class, error_endpoint(handler))  # type: ignore[arg-type]
            return handler

        return register

    def add_middleware(self, middleware: type, **options: Any) -> None:
        """Wraps the application in ``middleware(app, **options)``; the last one added is outermost."""
        self._api.add_middleware(middleware, **options)  # type: ignore[arg-type]

    def on_event(self, event: str) -> Callable[[Handler], Handler]:
        """Runs the decorated function at ``"startup"`` or ``"shutdown"``."""
        if event not in self._events:
            raise ValueError(f'on_event knows "startup" and "shutdown", not {event!r}')

        def register(function: Handler) -> Handler:
            self._events[event].append(function)
            return function

        return register

    @asynccontextmanager
    async def _lifespan(self, _api: FastAPI) -> AsyncIterator[None]:
        try:
            await self._run_events("startup")
            yield
            await self._run_events("shutdown")
        finally:
            await _engine.dispose()

    async def _run_events(self, event: str) -> None:
        for function in self._events[event]:
            outcome = function()
            if isawaitable(outcome):
                await outcome

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._api(scope, receive, send)
            return
        token = request_method.set(scope["method"])
        try:
            await self._api(scope, receive, send)
        except Exception:
            # Starlette answers, then raises the error again for the server's log. An application
            # with a handler of its own has dealt with it.
            if not self._handles_every_error:
                raise
        finally:
            request_method.reset(token)
