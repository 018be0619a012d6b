"""Markers for handler parameters: ``Annotated[T, Depends(provider)]``, ``Annotated[int, Path(gt=0)]``."""

from __future__ import annotations

from typing import Any, Callable, Optional

import fastapi
from fastapi import Body, Header, Path, Query

from .routing import dependency_endpoint

__all__ = ["Body", "Depends", "Header", "Path", "Query"]


def Depends(dependency: Optional[Callable[..., Any]] = None, *, use_cache: bool = True) -> Any:
    """The parameter's value is what `dependency` returns or yields, once per request.

    It may be sync, async, a generator (what follows ``yield`` runs after the handler), or a class, and
    may have dependencies and a ``Request`` parameter of its own.
    """
    adapted = dependency_endpoint(dependency) if dependency is not None else None
    return fastapi.Depends(adapted, use_cache=use_cache)
