from typing import Any, AsyncIterator

import starlette.requests



class FullRequest(starlette.requests.Request):
    """The request with what only Starlette knows of it: repeated values, forms, sessions, parts of the URL."""

    def __init__(self, inner: Any) -> None:
        super().__init__(inner.scope)
        self._given = inner

    async def body(self) -> bytes:
        return bytes(await self._given.body())

    async def stream(self) -> AsyncIterator[bytes]:
        yield await self._given.body()
        yield b""


def full_request(request: Any) -> Any:
    """The same request for code that was written for FastAPI's; one object for each request."""
    if isinstance(request, starlette.requests.HTTPConnection):
        return request
    if "covet.full_request" not in request.scope:
        request.scope["covet.full_request"] = FullRequest(request)
    return request.scope["covet.full_request"]
