"""The application."""

import inspect

from ._http import CovetError, Request, as_response, error_response, html_response, json_response, text_response
from ._routing import CovetRouter, call


async def settled(outcome):
    return await outcome if inspect.isawaitable(outcome) else outcome


class Covet(CovetRouter):
    def __init__(self, debug=False, middleware=None, **_):
        super().__init__()
        self.debug, self._middleware, self._errors, self._mounted = debug, [], {}, []
        self._events = {"startup": [], "shutdown": []}
        self.router = self
        for one in middleware or []:
            self.add_middleware(one)

    @property
    def routes(self):
        return self.all()

    def on_event(self, event):
        return lambda function: self._events[event].append(function) or function

    def on_startup(self, function):
        return self.on_event("startup")(function)

    def on_shutdown(self, function):
        return self.on_event("shutdown")(function)

    add_startup_handler, add_shutdown_handler = on_startup, on_shutdown

    def add_middleware(self, middleware, **options):
        made = middleware(self, **options) if isinstance(middleware, type) else middleware
        self._middleware.append(getattr(made, "dispatch", made))
        return middleware

    def middleware(self, given):
        return self.add_middleware if isinstance(given, str) else self.add_middleware(given)

    def add_exception_handler(self, kind, handler):
        self._errors[kind] = handler

    def exception_handler(self, kind):
        return lambda handler: self.add_exception_handler(kind, handler) or handler

    def mount(self, path, app, name=None):
        self._mounted.append((path.rstrip("/"), app))

    json_response, text_response, html_response = map(staticmethod, (json_response, text_response, html_response))

    def run(self, host="127.0.0.1", port=8000, **options):
        import uvicorn

        uvicorn.run(self, host=host, port=port, **options)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            return await self._lifespan(receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1000})
        for prefix, app in self._mounted:
            if scope["path"] == prefix or scope["path"].startswith(prefix + "/"):
                return await app({**scope, "path": scope["path"][len(prefix) :] or "/"}, receive, send)
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        request = Request(scope, body)
        try:
            response = await self._through(request, self._middleware)
        except Exception as error:
            response = await self._failed(request, error)
        await response.send(send)

    async def _through(self, request, left):
        if left:
            return as_response(await settled(left[0](request, lambda given: self._through(given, left[1:]))))
        handler, parts = self.find(request.path, request.method)
        if handler is None:
            return json_response({"error": "Not Found", "path": request.path}, 404)
        request.path_params = parts
        try:
            return as_response(await settled(call(handler, request, parts)))
        except Exception as error:
            if isinstance(error, CovetError) or any(isinstance(error, kind) for kind in self._errors):
                return await self._failed(request, error)
            raise

    async def _failed(self, request, error):
        for kind, handler in self._errors.items():
            if isinstance(error, kind):
                return as_response(await settled(handler(request, error)))
        if isinstance(error, CovetError):
            return error_response(error.message, error.status_code, error.headers)
        detail = {"error": str(error), "type": type(error).__name__} if self.debug else {"error": "Internal Server Error"}
        return json_response(detail, 500)

    async def _lifespan(self, receive, send):
        while True:
            event = (await receive())["type"].rpartition(".")[2]
            for function in self._events[event]:
                await settled(function())
            await send({"type": f"lifespan.{event}.complete"})
            if event == "shutdown":
                return


class BaseHTTPMiddleware:
    def __init__(self, app=None, **_):
        self.app = app

    async def dispatch(self, request, call_next):
        return await call_next(request)


def create_app(**options):
    return Covet(**options)


def create_asgi_app(router=None, debug=False, **options):
    made = Covet(debug=debug)
    if router is not None:
        made.include_router(router)
    return made
