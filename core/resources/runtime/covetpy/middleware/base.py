"""The base class of an application's own middleware."""

from __future__ import annotations

import json
from typing import Any, List, Optional

from .._json import dumps
from ..types import Response, is_json

__all__ = ["BaseMiddleware"]


class BaseMiddleware:
    """Override ``process_request``, ``process_response`` or both; register with ``app.add_middleware``.

    ``process_request`` may answer instead of the application by returning a ``Response``.
    ``process_response`` gets the complete answer: its ``status_code``, ``headers`` and ``data`` (the JSON
    value, else the bytes) may be changed in place, or another ``Response`` returned. Answers are held back
    until they are complete only where a class overrides ``process_response``.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    async def process_request(self, scope: Any, receive: Any, send: Any) -> Optional[Response]:
        return None

    async def process_response(self, response: Response, scope: Any) -> Response:
        return response

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        early = await self.process_request(scope, receive, send)
        if early is not None:
            await early(scope, receive, send)
        elif type(self).process_response is BaseMiddleware.process_response:
            await self.app(scope, receive, send)
        else:
            await self._pass_through_process_response(scope, receive, send)

    async def _pass_through_process_response(self, scope: Any, receive: Any, send: Any) -> None:
        start: Any = None
        body: List[bytes] = []

        async def collect(message: Any) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif message["type"] == "http.response.body":
                body.append(message.get("body", b""))

        await self.app(scope, receive, collect)
        answer = _received(start, b"".join(body))
        before = _rendered(answer)
        after = await self.process_response(answer, scope)
        if after is answer and _rendered(answer) != before:
            answer.body = _rendered(answer)
            answer.headers["content-length"] = str(len(answer.body))
        await after(scope, receive, send)


def _received(start: Any, body: bytes) -> Response:
    answer = Response(status_code=start["status"], media_type=None)
    answer.raw_headers = list(start["headers"])
    answer.media_type = answer.headers.get("content-type", "")
    answer.body = body
    answer.data = body
    if body and is_json(answer.media_type):
        try:
            answer.data = json.loads(body)
        except ValueError:
            pass
    return answer


def _rendered(answer: Response) -> bytes:
    return answer.data if isinstance(answer.data, bytes) else dumps(answer.data)
