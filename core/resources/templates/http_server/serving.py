"""Runs what was written for Python's own HTTP servers behind an application.

A handler class of ``http.server`` reads one request from memory and writes its answer there, in the same
way in which it did on a connection; so does a WSGI function. Routes of the application can take over from
them one by one: those that are registered before ``serve_handler`` come first.
"""

import inspect
import io
import sys
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, Awaitable, Callable, List, Tuple, Type
from urllib.parse import unquote_to_bytes

from covetpy.types import Request
from covetpy.types import Response as PlainResponse

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

#: What belongs to the connection, which the application's server looks after.
_CONNECTION_HEADERS = {"connection", "keep-alive", "transfer-encoding", "server", "date"}


class NoAnswer(Exception):
    """The code has written no answer: the connection would have been closed without one."""


class CodeFailed(Exception):
    """The program's own code raised `error`; what fails around it, such as a database, is raised as it is."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


async def _called(function: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a function or coroutine function of the program."""
    try:
        result = function(*arguments)
        return await result if inspect.isawaitable(result) else result
    except Exception as error:
        inner = inspect.unwrap(function)
        code = getattr(inner, "__code__", None) or inspect.unwrap(getattr(inner, "__call__")).__code__
        if any(frame.f_code is code for frame, _ in traceback.walk_tb(error.__traceback__)):
            raise CodeFailed(error) from error
        raise


class ApplicationServer:
    """Stands where the program made its own server; ``serve_forever`` runs the application in uvicorn."""

    def __init__(self, app: Any, address: Any) -> None:
        self.app = app
        self.server_address = (str(address[0] or "0.0.0.0"), int(address[1]))
        self.server_name, self.server_port = self.server_address

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        import uvicorn

        uvicorn.run(self.app, host=self.server_name, port=self.server_port)

    def shutdown(self) -> None:
        """The application's server ends on a signal."""

    def server_close(self) -> None:
        """The application's server has closed its sockets when ``serve_forever`` returns."""

    def __enter__(self) -> "ApplicationServer":
        return self

    def __exit__(self, *_: Any) -> None:
        self.server_close()


def _answer_everything(app: Any, answer: Callable[[Any], Awaitable[Any]]) -> None:
    async def endpoint(request: Request) -> PlainResponse:
        return await answer(request)

    async def other_method(request: Any, error: Exception) -> Any:
        return await answer(request)

    app.add_route("/{path:path}", endpoint, methods=METHODS)
    app.exception_handler(405)(other_method)


def _target(request: Any) -> str:
    """Path and query as they stand in the request line."""
    scope = request.scope
    path = scope.get("raw_path") or request.scope["path"].encode()
    query = scope.get("query_string", b"")
    return (path.split(b"?")[0] + (b"?" + query if query else b"")).decode("latin-1")


def _client(request: Any) -> Tuple[str, int]:
    client = request.scope.get("client")
    return (client[0], client[1]) if client else ("127.0.0.1", 0)


def _response(status: int, headers: List[Tuple[str, str]], body: bytes) -> PlainResponse:
    """A response with exactly these headers, names that come several times included."""
    kept = [(name, value) for name, value in headers if name.lower() not in _CONNECTION_HEADERS]
    length = next((value for name, value in kept if name.lower() == "content-length"), "")
    if length.isdigit():
        body = body[: int(length)]  # a client reads no further
    first = {}
    again = []
    for name, value in kept:
        if name.lower() in first:
            again.append((name, value))
        else:
            first[name.lower()] = value
    response = PlainResponse(body, status_code=status, headers=first, media_type=None)
    for name, value in again:
        response.headers.append(name, value)
    return response
