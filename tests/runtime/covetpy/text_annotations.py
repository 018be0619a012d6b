"""A handler whose annotations are text, and whose wrapper lives in another module."""

from __future__ import annotations

import functools
from typing import Annotated

from pydantic import BaseModel

from covetpy import Depends
from covetpy.types import Request


class Note(BaseModel):
    title: str


async def verb(request: Request) -> str:
    return request.method


async def handler(key: int, note: Note, request: Request, method: Annotated[str, Depends(verb)]) -> list[int]:
    return [key + 1, note.title, request.method, method]


# A wrapper with other globals, as a decorator from another module has.
wrapped = eval("functools.wraps(h)(lambda *a, **k: h(*a, **k))", {"functools": functools, "h": handler})
