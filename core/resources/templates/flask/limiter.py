"""How often clients may ask, counted in the process as Flask-Limiter counts with its storage in memory."""

from __future__ import annotations

import inspect
import re
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from covet_flask import HTTPError, app_settings, before_request, current_application, current_request

__all__ = ["Limiter", "RateLimitExceeded", "get_ipaddr", "get_remote_address"]

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "month": 2592000, "year": 31104000}


class RateLimitExceeded(HTTPError):
    """The client has asked too often: 429."""

    def __init__(self, limit: "_Limit", message: Any = None) -> None:
        super().__init__(429, str(limit) if message is None else message)
        self.limit = limit


def get_remote_address() -> str:
    return current_request.remote_addr or "127.0.0.1"


def get_ipaddr() -> str:
    forwarded = [one.strip() for one in (current_request.headers.get("x-forwarded-for") or "").split(",")]
    return forwarded[-1] or get_remote_address()


class _Limit:
    """"5 per minute": a number of requests within a time."""

    def __init__(self, amount: int, multiples: int, unit: str) -> None:
        self.amount, self.multiples, self.unit = amount, multiples, unit
        self.seconds = multiples * _SECONDS[unit]

    def __str__(self) -> str:
        return f"{self.amount} per {self.multiples} {self.unit}"


def _read(text: str) -> List[_Limit]:
    limits = []
    for piece in re.split(r"[,;|]", text):
        found = re.fullmatch(r"\s*(\d+)\s*(?:/|\s*per\s*)\s*(\d+)?\s*(second|minute|hour|day|month|year)s?\s*", piece, re.I)
        if found is None:
            raise ValueError(f"couldn't parse rate limit string {text!r}")
        limits.append(_Limit(int(found[1]), int(found[2] or 1), found[3].lower()))
    return limits


class _Rule:
    """Limits of a handler, of several that share them, or of all."""

    def __init__(self, value: Any, key: Any = None, scope: Any = None, methods: Any = None, message: Any = None, exempt: Any = None, each: bool = False) -> None:
        self.value, self.key, self.scope, self.message, self.exempt, self.each = value, key, scope, message, exempt, each
        self.methods = {method.upper() for method in methods} if methods else None


class Limiter:
    """Counts the requests of each client for each handler."""

    def __init__(
        self, *args: Any, app: Any = None, key_func: Any = None, default_limits: Any = (), application_limits: Any = (),
        strategy: Optional[str] = None, enabled: bool = True, **options: Any,
    ) -> None:  # fmt: skip
        for given in args:
            app, key_func = (given, key_func) if hasattr(given, "add_middleware") else (app, given)
        self.key_func = key_func or get_remote_address
        self.defaults, self.overall = [_Rule(one) for one in default_limits], [_Rule(one, scope="global") for one in application_limits]
        self.moving, self.enabled = strategy, enabled
        self.hits: Dict[Tuple[Any, ...], List[float]] = {}
        self.filters: List[Callable[[], Any]] = []
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Any) -> None:
        before_request(app)(self.check)

    def limit(
        self, limit_value: Any, key_func: Any = None, per_method: bool = False, methods: Any = None, error_message: Any = None,
        exempt_when: Any = None, override_defaults: bool = True,
    ) -> Callable[[Any], Any]:  # fmt: skip
        return self._mark(_Rule(limit_value, key_func, None, methods, error_message, exempt_when, per_method), override_defaults)

    def shared_limit(
        self, limit_value: Any, scope: Any, key_func: Any = None, error_message: Any = None, exempt_when: Any = None, override_defaults: bool = True
    ) -> Callable[[Any], Any]:
        return self._mark(_Rule(limit_value, key_func, scope, None, error_message, exempt_when), override_defaults)

    def _mark(self, rule: _Rule, alone: bool) -> Callable[[Any], Any]:
        def mark(handler: Any) -> Any:
            handler.own_limits = [rule, *getattr(handler, "own_limits", [])]
            handler.own_limits_alone = alone
            return handler

        return mark

    def exempt(self, handler: Any) -> Any:
        handler.own_limits, handler.no_limits = [], True
        return handler

    def request_filter(self, function: Any) -> Any:
        """The function says which requests are not counted."""
        self.filters.append(function)
        return function

    async def check(self) -> None:
        settings = app_settings(current_application())
        rule_taken = current_request._match()[0]
        handler = getattr(rule_taken, "endpoint", None)
        if handler is None or not self.enabled or not settings.get("RATELIMIT_ENABLED", True) or getattr(handler, "no_limits", False):
            return
        if getattr(handler, "__name__", "") == "static":
            return
        for function in self.filters:
            outcome = function()
            if await outcome if inspect.isawaitable(outcome) else outcome:
                return
        groups = rule_taken.groups[::-1]
        own, alone = getattr(handler, "own_limits", []), getattr(handler, "own_limits_alone", False)
        of_group = next((group for group in groups if hasattr(group, "own_limits_alone")), None)
        if of_group is not None and not (own and alone):
            own, alone = [*own, *of_group.own_limits], of_group.own_limits_alone
        by_setting = settings.get("RATELIMIT_DEFAULT")
        defaults = self.defaults or ([_Rule(by_setting)] if by_setting else [])
        spared = bool(groups) and getattr(groups[0], "no_limits", False)
        rules = own if spared else [*self.overall, *own, *(defaults if not own or not alone else [])]
        if getattr(handler, "own_limits", []) and current_request.method == "OPTIONS" and "OPTIONS" not in rule_taken.methods:
            rules = [] if spared else self.overall  # the others are asked for where the handler begins, which it does not
        wanted = [(limit, rule) for rule in rules if self._concerns(rule) for limit in _read(rule.value() if callable(rule.value) else rule.value)]
        for limit, rule in sorted(wanted, key=lambda one: _SECONDS[one[0].unit]):
            key = (str(limit), rule.key() if rule.key else self.key_func(), self._scope(rule), current_request.method if rule.each else "")
            if not self._hit(key, limit):
                raise RateLimitExceeded(limit, rule.message() if callable(rule.message) else rule.message)

    def _concerns(self, rule: _Rule) -> bool:
        return (rule.methods is None or current_request.method in rule.methods) and not (rule.exempt and rule.exempt())

    def _scope(self, rule: _Rule) -> Any:
        return rule.scope(current_request.endpoint) if callable(rule.scope) else rule.scope or current_request.endpoint

    def _hit(self, key: Tuple[Any, ...], limit: _Limit) -> bool:
        now = time.time()
        times = self.hits.get(key, [])
        if self.moving == "moving-window":
            times = [one for one in times if one > now - limit.seconds]
        elif times and now >= times[0] + limit.seconds:
            times = []  # its window begins with the first request
        self.hits[key] = times
        if len(times) >= limit.amount:
            return False
        times.append(now)
        return True
