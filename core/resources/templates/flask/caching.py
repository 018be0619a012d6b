"""Answers and values that are kept for a while in the process, as Flask-Caching keeps them with its simple cache."""

from __future__ import annotations

import functools
import inspect
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from covet_flask import Response, answer, app_settings, current_request

__all__ = ["Cache"]


class Cache:
    """Values by key; unless the application names a kind of cache, nothing is kept."""

    def __init__(self, app: Any = None, with_jinja2_ext: bool = True, config: Optional[Dict[str, Any]] = None) -> None:
        self.app, self.config = app, config
        self.kept: Dict[str, Tuple[float, Any]] = {}

    def init_app(self, app: Any, config: Optional[Dict[str, Any]] = None) -> None:
        self.app, self.config = app, config or self.config

    def _setting(self, name: str, otherwise: Any) -> Any:
        return (self.config or {}).get(name, app_settings(self.app).get(name, otherwise))

    def get(self, key: str) -> Any:
        until, value = self.kept.get(key, (-1.0, None))
        return value if until == 0 or until >= time.time() else None

    def set(self, key: str, value: Any, timeout: Optional[int] = None) -> bool:
        if str(self._setting("CACHE_TYPE", "null")).rpartition(".")[2].lower() in ("null", "nullcache"):
            return True
        after = self._setting("CACHE_DEFAULT_TIMEOUT", 300) if timeout is None else timeout
        self.kept[key] = (0 if after == 0 else time.time() + after, value)
        return True

    def add(self, key: str, value: Any, timeout: Optional[int] = None) -> bool:
        return not self.has(key) and self.set(key, value, timeout)

    def has(self, key: str) -> bool:
        return self.get(key) is not None

    def delete(self, key: str) -> bool:
        return self.kept.pop(key, None) is not None

    def clear(self) -> bool:
        self.kept.clear()
        return True

    def get_many(self, *keys: str) -> List[Any]:
        return [self.get(key) for key in keys]

    def set_many(self, mapping: Dict[str, Any], timeout: Optional[int] = None) -> List[str]:
        return [key for key, value in mapping.items() if self.set(key, value, timeout)]

    def delete_many(self, *keys: str) -> List[str]:
        return [key for key in keys if self.delete(key)]

    def cached(
        self, timeout: Any = None, key_prefix: Any = "view/%s", unless: Any = None, forced_update: Any = None, query_string: bool = False
    ) -> Callable[[Any], Any]:
        """Keeps what a function gives under the path of the request, with its query if that is asked for."""

        def key_now() -> str:
            if query_string:
                pairs = sorted((name, value) for name, several in current_request.args.lists.items() for value in several)
                return f"{current_request.path}?{pairs}"
            prefix = key_prefix() if callable(key_prefix) else key_prefix
            return str(prefix).replace("%s", current_request.path) if "%s" in str(prefix) else str(prefix)

        return lambda function: self._around(function, lambda *_, **__: key_now(), timeout, unless, forced_update)

    def memoize(self, timeout: Any = None, make_name: Any = None, unless: Any = None, forced_update: Any = None) -> Callable[[Any], Any]:
        """Keeps what a function gives for the same arguments."""

        def around(function: Any) -> Any:
            return self._around(function, lambda *args, **kwargs: _call_key(function, args, kwargs), timeout, unless, forced_update)

        return around

    def delete_memoized(self, function: Any, *args: Any, **kwargs: Any) -> None:
        function = inspect.unwrap(function)
        start = f"{function.__module__}.{function.__qualname__}("
        whole = _call_key(function, args, kwargs) if args or kwargs else None
        for key in [key for key in self.kept if (key == whole if whole else key.startswith(start))]:
            del self.kept[key]

    def _around(self, function: Any, key_of: Callable[..., str], timeout: Any, unless: Any, forced: Any) -> Any:
        def known(*args: Any, **kwargs: Any) -> Tuple[str, Any]:
            if unless is not None and unless():
                return "", None
            key = key_of(*args, **kwargs)
            return key, None if forced is not None and forced() else self.get(key)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def waiting(*args: Any, **kwargs: Any) -> Any:
                key, value = known(*args, **kwargs)
                if value is not None:
                    return _again(value)
                value = await function(*args, **kwargs)
                if key:
                    self.set(key, _kept(value), timeout)
                return value

            return waiting

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            key, value = known(*args, **kwargs)
            if value is None:
                value = function(*args, **kwargs)
                if key:
                    self.set(key, value, timeout)
            return value

        return called


class _Answer:
    """An answer as it was sent; hooks may change each that is made of it."""

    def __init__(self, response: Any) -> None:
        self.status, self.body = response.status_code, bytes(response.body)
        self.headers = [(name, value) for name, value in response.headers.items() if name != "content-length"]

    def made(self) -> Any:
        response = Response(data=self.body, status_code=self.status)
        for name in [name for name, _ in self.headers]:
            if name in response.headers:
                del response.headers[name]
        for name, value in self.headers:
            response.headers.append(name, value)
        return response


def _kept(value: Any) -> Any:
    return _Answer(answer(value)) if hasattr(value, "status_code") and hasattr(value, "body") else value


def _again(value: Any) -> Any:
    return value.made() if isinstance(value, _Answer) else value


def _call_key(function: Any, args: Any, kwargs: Any) -> str:
    function = inspect.unwrap(function)
    bound = inspect.signature(function).bind_partial(*args, **kwargs)
    bound.apply_defaults()
    given = {name: value for name, value in bound.arguments.items() if type(value).__name__ != "AsyncSession"}
    return f"{function.__module__}.{function.__qualname__}({given!r})"
