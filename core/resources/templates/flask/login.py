"""Users who log in and stay known through the session, as Flask-Login has it: the same names, the same cookies.

The user of a session is looked up before its request is answered, so that functions which look into a
store may be coroutines.
"""

from __future__ import annotations

import hmac
import inspect
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import wraps
from hashlib import sha512
from typing import Any, Callable, Dict, Optional
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from covet_flask import (
    HTTPError, _session_now, answer, current_application, current_request, current_settings, flash, g, page_names, redirect, session, url_for,
)  # fmt: skip

__all__ = [
    "AnonymousUserMixin", "LoginManager", "LoadUser", "UserMixin", "confirm_login", "current_user", "fresh_login_required", "login_fresh",
    "login_required", "login_user", "logout_user",
]  # fmt: skip

_managers: Dict[Any, "LoginManager"] = {}


class UserMixin:
    """What Flask-Login asks of a user."""

    __hash__ = object.__hash__  # type: ignore[assignment]

    @property
    def is_active(self) -> bool:
        return True

    @property
    def is_authenticated(self) -> bool:
        return self.is_active

    @property
    def is_anonymous(self) -> bool:
        return False

    def get_id(self) -> str:
        try:
            return str(self.id)  # type: ignore[attr-defined]
        except AttributeError:
            raise NotImplementedError("No `id` attribute - override `get_id`") from None

    def __eq__(self, other: object) -> Any:
        return self.get_id() == other.get_id() if isinstance(other, UserMixin) else NotImplemented


class AnonymousUserMixin:
    """Whoever is not logged in."""

    is_authenticated = is_active = False
    is_anonymous = True

    def get_id(self) -> None:
        return None


def _loader(name: str) -> Callable[[Any, Any], Any]:
    def register(self: Any, callback: Any) -> Any:
        self.callbacks[name] = callback
        return callback

    return register


class LoginManager:
    """What an application decides about its users."""

    login_view: Optional[str] = None
    login_message: Optional[str] = "Please log in to access this page."
    login_message_category = "message"
    refresh_view: Optional[str] = None
    needs_refresh_message: Optional[str] = "Please reauthenticate to access this page."
    needs_refresh_message_category = "message"
    session_protection: Optional[str] = "basic"
    anonymous_user: Any = AnonymousUserMixin

    def __init__(self, app: Any = None, add_context_processor: bool = True) -> None:
        self.callbacks: Dict[str, Callable[..., Any]] = {}
        if app is not None:
            self.init_app(app, add_context_processor)

    def init_app(self, app: Any, add_context_processor: bool = True) -> None:
        _managers[app] = self
        if add_context_processor:
            page_names.setdefault(app, []).append(lambda: {"current_user": _user_now()})

    user_loader = _loader("user")
    request_loader = _loader("request")
    unauthorized_handler = _loader("unauthorized")
    needs_refresh_handler = _loader("needs_refresh")

    async def unauthorized(self) -> Any:
        return await self.turn_away("unauthorized", self.login_view, self.login_message, self.login_message_category)

    async def needs_refresh(self) -> Any:
        return await self.turn_away("needs_refresh", self.refresh_view, self.needs_refresh_message, self.needs_refresh_message_category)

    async def turn_away(self, name: str, view: Optional[str], message: Optional[str], category: str) -> Any:
        if name in self.callbacks:
            outcome = self.callbacks[name]()
            return answer(await outcome if inspect.isawaitable(outcome) else outcome)
        if not view:
            raise HTTPError(401)
        if message:
            flash(message, category)
        page = view if view.startswith(("https://", "http://", "/")) else url_for(view)
        if current_settings().get("USE_SESSION_FOR_NEXT"):
            session["_id"], session["next"] = _identifier(), _next(page)
            return redirect(page)
        parts = urlsplit(page)
        query = {**parse_qs(parts.query, keep_blank_values=True), "next": _next(page)}
        return redirect(urlunsplit(parts._replace(query=urlencode(query, doseq=True))))

    async def look_up(self, user_id: Optional[str]) -> Any:
        """The user of the request in progress, before any code asks for it."""
        user = None
        if user_id is not None and "user" in self.callbacks:
            user = self.callbacks["user"](user_id)
            user = await user if inspect.isawaitable(user) else user
        kept = _remembered() if user is None else None
        if kept is not None and "user" in self.callbacks:
            g._login_remembered = kept
            user = self.callbacks["user"](kept)
            user = await user if inspect.isawaitable(user) else user
        elif user is None and not _has_cookie() and "request" in self.callbacks:
            user = self.callbacks["request"](current_request)
            user = await user if inspect.isawaitable(user) else user
        return user

    def protection(self) -> Optional[str]:
        """How the session of another client is taken; None for one's own."""
        mode, kept = current_settings().get("SESSION_PROTECTION", self.session_protection), _session_now.get()
        if mode not in ("basic", "strong") or not kept or kept.get("_id") == _identifier():
            return None
        return "basic" if mode == "basic" or kept.get("_permanent") else mode


def _next(page: str) -> str:
    wanted, here = urlsplit(page), urlsplit(current_request.url)
    if wanted.scheme in ("", here.scheme) and wanted.netloc in ("", here.netloc):
        return urlunsplit(("", "", here.path, here.query, ""))
    return str(current_request.url)


def _identifier() -> str:
    address = current_request.headers.get("x-forwarded-for", current_request.remote_addr)
    address = None if address is None else address.encode().split(b",")[0].strip()
    agent = current_request.headers.get("user-agent")
    return sha512(f"{address}|{None if agent is None else agent.encode()}".encode()).hexdigest()


def _digest(text: str) -> str:
    secret = current_settings()["SECRET_KEY"]
    return hmac.new(secret.encode("latin-1") if isinstance(secret, str) else secret, text.encode(), sha512).hexdigest()


def _has_cookie() -> bool:
    return current_settings().get("REMEMBER_COOKIE_NAME", "remember_token") in current_request.cookies and _session_now.get().get("_remember") != "clear"


def _remembered() -> Optional[str]:
    """Whom the cookie names that outlives sessions."""
    if not _has_cookie():
        return None
    payload, found, digest = current_request.cookies[current_settings().get("REMEMBER_COOKIE_NAME", "remember_token")].rpartition("|")
    return payload if found and hmac.compare_digest(_digest(payload), digest) else None


class LoadUser:
    """Looks the user of each session up, and keeps the cookie that outlives sessions."""

    def __init__(self, app: Any, owner: Any) -> None:
        self.app, self.owner = app, owner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        manager = _managers.get(self.owner) if scope["type"] == "http" else None
        if manager is None:
            return await self.app(scope, receive, send)
        if "_login_found" not in g:
            g._login_found = g._login_failed = None
            g._login_protected = manager.protection()
            if g._login_protected != "strong":
                try:
                    g._login_found = await manager.look_up(_session_now.get().get("_user_id"))
                except Exception as error:
                    g._login_failed = error  # of whoever asks for the user, if anybody does

        async def send_with_cookie(message: Any) -> None:
            if message["type"] == "http.response.start" and "_remember" in session:
                cookie = _cookie(session.pop("_remember"))
                message = {**message, "headers": [*message["headers"], *([(b"set-cookie", cookie.encode("latin-1"))] if cookie else [])]}
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _cookie(operation: Any) -> str:
    settings = current_settings()
    name, path = settings.get("REMEMBER_COOKIE_NAME", "remember_token"), settings.get("REMEMBER_COOKIE_PATH", "/")
    if operation == "clear":
        return f"{name}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path={path}"
    if operation != "set" or "_user_id" not in session:
        return ""
    duration = timedelta(seconds=session["_remember_seconds"]) if "_remember_seconds" in session else settings.get("REMEMBER_COOKIE_DURATION", timedelta(days=365))
    duration = timedelta(seconds=duration) if isinstance(duration, int) else duration
    payload = str(session["_user_id"])
    text = f"{name}={payload}|{_digest(payload)}; Expires={format_datetime(datetime.now(timezone.utc) + duration, usegmt=True)}"
    text += "; Secure" if settings.get("REMEMBER_COOKIE_SECURE") else ""
    text += "; HttpOnly" if settings.get("REMEMBER_COOKIE_HTTPONLY", True) else ""
    same = settings.get("REMEMBER_COOKIE_SAMESITE")
    return text + f"; Path={path}" + (f"; SameSite={same}" if same else "")


def _user_now() -> Any:
    if "_login_user" in g:
        return g._login_user
    manager = _managers[current_application()]
    if not {"user", "request"} & manager.callbacks.keys():
        raise Exception("Missing user_loader or request_loader.")
    session.get("_user_id")  # from now on the answer depends on the session
    if g._login_protected == "basic" and session.get("_fresh") is not False:
        session["_fresh"] = False
    elif g._login_protected == "strong":
        for name in ("_user_id", "_remember", "_remember_seconds", "_id", "_fresh", "next"):
            session.pop(name, None)
        session["_remember"] = "clear"
    if g._login_failed is not None:
        raise g._login_failed
    if "_login_remembered" in g:
        session["_user_id"], session["_fresh"] = g._login_remembered, False
    g._login_user = manager.anonymous_user() if g._login_found is None else g._login_found
    return g._login_user


class _CurrentUser:
    """Stands for the user of the request in progress."""

    def __getattr__(self, name: str) -> Any:
        return getattr(_user_now(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_user_now(), name, value)

    def __getitem__(self, name: Any) -> Any:
        return _user_now()[name]

    def __bool__(self) -> bool:
        return bool(_user_now())

    def __eq__(self, other: object) -> bool:
        return bool(_user_now() == other)

    def __hash__(self) -> int:
        return hash(_user_now())

    def __str__(self) -> str:
        return str(_user_now())

    @property
    def __class__(self) -> Any:
        return type(_user_now())

    def _get_current_object(self) -> Any:
        return _user_now()


current_user: Any = _CurrentUser()


def login_user(user: Any, remember: bool = False, duration: Any = None, force: bool = False, fresh: bool = True) -> bool:
    if not force and not user.is_active:
        return False
    session["_user_id"], session["_fresh"], session["_id"] = user.get_id(), fresh, _identifier()
    if remember:
        session["_remember"] = "set"
        if duration is not None:
            session["_remember_seconds"] = duration.total_seconds()
    g._login_user = user
    return True


def logout_user() -> bool:
    _user_now()
    for name in ("_user_id", "_fresh", "_id"):
        if name in session:
            session.pop(name)
    if current_settings().get("REMEMBER_COOKIE_NAME", "remember_token") in current_request.cookies:
        session["_remember"] = "clear"
        session.pop("_remember_seconds", None)
    g._login_user = _managers[current_application()].anonymous_user()
    return True


def confirm_login() -> None:
    session["_fresh"], session["_id"] = True, _identifier()


def login_fresh() -> bool:
    return bool(session.get("_fresh", False))


def _guard(handler: Any, fresh: bool) -> Any:
    @wraps(handler)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        if current_request.method != "OPTIONS" and not current_settings().get("LOGIN_DISABLED"):
            if not current_user.is_authenticated:
                return await _managers[current_application()].unauthorized()
            if fresh and not login_fresh():
                return await _managers[current_application()].needs_refresh()
        outcome = handler(*args, **kwargs)
        return await outcome if inspect.isawaitable(outcome) else outcome

    return guarded


def login_required(handler: Any) -> Any:
    return _guard(handler, False)


def fresh_login_required(handler: Any) -> Any:
    return _guard(handler, True)
