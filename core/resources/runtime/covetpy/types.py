"""``Request`` and ``Response``: what handlers take and what they return."""

from __future__ import annotations

import json
from typing import Any, Dict, Mapping, Optional, Union
from urllib.parse import parse_qs

import starlette.requests
import starlette.responses
from starlette.datastructures import Headers

from ._json import dumps

__all__ = ["Request", "Response"]

JSON = "application/json"


class Request:
    """The request in progress.

    ``query_params`` holds the first value of each name and leaves blank values out, ``headers`` looks
    names up in any case, ``url`` is a ``str``. Anything else ASGI offers is in ``scope``.
    """

    def __init__(self, inner: starlette.requests.Request) -> None:
        self._inner = inner

    @property
    def method(self) -> str:
        return self._inner.method

    @property
    def url(self) -> str:
        return str(self._inner.url)

    @property
    def scope(self) -> Any:
        return self._inner.scope

    @property
    def headers(self) -> Headers:
        return self._inner.headers

    @property
    def cookies(self) -> Dict[str, str]:
        return self._inner.cookies

    @property
    def path_params(self) -> Dict[str, Any]:
        return self._inner.path_params

    @property
    def query_params(self) -> Dict[str, str]:
        return _first_values(self.scope.get("query_string", b""), keep_blank=False)

    async def body(self) -> bytes:
        return await self._inner.body()

    async def json(self) -> Any:
        """The body as JSON; None for an empty body, ``ValueError`` for a malformed one."""
        body = await self.body()
        return json.loads(body) if body else None

    async def form(self) -> Dict[str, Any]:
        """The fields of a form, the first value of each; uploaded files need ``python-multipart``."""
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind != "multipart/form-data":
            return dict(_first_values(await self.body(), keep_blank=True))
        fields: Dict[str, Any] = {}
        for name, value in (await self._inner.form()).multi_items():
            fields.setdefault(name, value)
        return fields


class Response(starlette.responses.Response):
    """An answer.

    `data` becomes JSON, except that None sends an empty body, and that bytes, and text under a media
    type that is not JSON, are sent as they are. The media type is sent as written: no charset is added.
    ``set_cookie`` and ``delete_cookie`` add to the headers.
    """

    def __init__(
        self,
        data: Any = None,
        status_code: int = 200,
        headers: Optional[Mapping[str, str]] = None,
        media_type: Optional[str] = JSON,
        cookies: Optional[Mapping[str, Union[str, Mapping[str, Any]]]] = None,
    ) -> None:
        self.data = data
        fields = dict(headers or {})
        if media_type is not None and "content-type" not in {name.lower() for name in fields}:
            fields["content-type"] = media_type
        self.media_type = media_type
        super().__init__(content=data, status_code=status_code, headers=fields)
        for name, value in (cookies or {}).items():
            options: Dict[str, Any] = dict(value) if isinstance(value, Mapping) else {"value": value}
            self.set_cookie(name, **options)

    def render(self, content: Any) -> bytes:
        # HTTP forbids a body there, and servers close the connection on one.
        if content is None or self.status_code in (204, 304) or self.status_code < 200:
            return b""
        if isinstance(content, (bytes, bytearray, memoryview)):
            return bytes(content)
        if isinstance(content, str) and not is_json(self.media_type or ""):
            return content.encode()
        return dumps(content)


class JSONValue(Response):
    """A plain value that a handler returned: unlike ``Response(None)``, None is the JSON ``null``."""

    def render(self, content: Any) -> bytes:
        if content is None and self.status_code not in (204, 304):
            return b"null"
        return dumps(content) if isinstance(content, bytes) else super().render(content)


def as_response(outcome: Any, status_code: int = 200) -> starlette.responses.Response:
    """What a handler returned, as a response."""
    if isinstance(outcome, starlette.responses.Response):
        return outcome
    return JSONValue(outcome, status_code)


def is_json(media_type: str) -> bool:
    kind = media_type.split(";")[0].strip().lower()
    return kind == JSON or kind.endswith("+json")


def _first_values(text: bytes, keep_blank: bool) -> Dict[str, str]:
    return {k: v[0] for k, v in parse_qs(text.decode(), keep_blank_values=keep_blank).items()}
