import inspect
import typing
from typing import Any, Callable, Dict

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException as MountedError
from starlette.routing import Match, Mount, NoMatchFound, Router, WebSocketRoute
from starlette.routing import Route as NamedRoute
from starlette.websockets import WebSocket

from covetpy.types import Response


class ExtraRoutes(Router):
    """What stands beside the routes of the application: mounted applications and web sockets."""

    def __init__(self, app: Any, owner: Any, redirects: bool) -> None:
        super().__init__(routes=_extra.setdefault(id(owner), []), redirect_slashes=redirects, default=app)
        self.owner = owner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        own = scope["type"] == "lifespan"
        if scope["type"] == "http":
            beside = any(route.matches(scope)[0] is not Match.NONE for route in self.routes)
            own = _is_route(self.owner, scope["path"], scope["method"] if beside else None)
        if own:
            scope.setdefault("router", self)
            await self.default(scope, receive, send)
            return
        try:
            await super().__call__(scope, receive, send)
        except MountedError as error:  # files that do not exist, for example
            if scope["type"] != "http":
                raise
            answer = Response(data={"detail": error.detail}, status_code=error.status_code, headers=error.headers)
            await answer(scope, receive, send)

    def url_path_for(self, name: str, /, **parts: Any) -> Any:
        try:
            return super().url_path_for(name, **parts)
        except NoMatchFound:
            for route in self.owner.routes:
                if route.endpoint.__name__ == name:
                    return NamedRoute(route.path, route.endpoint, name=name).url_path_for(name, **parts)
            raise


_extra: Dict[int, Any] = {}


def extra_routes(application: Any, redirects: bool = True) -> None:
    """Lets `mount` and `websocket_route` add to the application."""
    application.add_middleware(ExtraRoutes, owner=application, redirects=redirects)


def mount(application: Any, path: str, app: Any, name: Any = None) -> None:
    """Serves another ASGI application below a path."""
    _extra.setdefault(id(application), []).append(Mount(path, app, name=name))


def websocket_route(application: Any, path: str) -> Callable[[Any], Any]:
    """Answers web sockets on a path; the function takes the socket, parts of the path and values of the query."""

    def register(function: Any) -> Any:
        hints = typing.get_type_hints(function)
        parameters = inspect.signature(function).parameters

        async def answer(socket: WebSocket) -> None:
            given: Dict[str, Any] = {}
            try:
                for name, one in parameters.items():
                    if hints.get(name) is WebSocket:
                        given[name] = socket
                    elif name in socket.path_params:
                        value = socket.path_params[name]
                        given[name] = TypeAdapter(hints[name]).validate_python(value) if name in hints else value
                    elif name in socket.query_params:
                        given[name] = TypeAdapter(hints[name]).validate_python(socket.query_params[name])
                    elif one.default is one.empty:
                        return await socket.close(code=1008)
            except ValidationError:
                return await socket.close(code=1008)
            await function(**given)

        if isinstance(application, RouteGroup):
            group_path = application.prefix + path
            application.beside.append(lambda target, prefix: websocket_route(target, prefix + group_path)(function))
            return function
        _extra.setdefault(id(application), []).append(WebSocketRoute(path, answer))
        return function

    return register
