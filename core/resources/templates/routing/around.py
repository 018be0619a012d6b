from contextlib import AsyncExitStack
from typing import Any, Callable

from starlette.middleware.base import BaseHTTPMiddleware


def http_middleware(application: Any) -> Callable[[Any], Any]:
    """Runs ``function(request, call_next)`` around the application."""

    def register(function: Any) -> Any:
        application.add_middleware(BaseHTTPMiddleware, dispatch=function)
        return function

    return register


def use_lifespan(application: Any, lifespan: Callable[[Any], Any]) -> None:
    """Enters the context of `lifespan` when the application starts, and leaves it when it stops."""
    entered = AsyncExitStack()

    @application.on_event("startup")
    async def enter() -> None:
        await entered.enter_async_context(lifespan(application))

    @application.on_event("shutdown")
    async def leave() -> None:
        await entered.aclose()
