"""HTTP authentication of handlers as Flask-HTTPAuth has it: the same names, the same answers.

Functions that look into a store may be coroutines.
"""

from __future__ import annotations

import hmac
import inspect
from base64 import b64decode
from functools import wraps
from typing import Any, Callable, Dict, Optional

from covet_flask import Authorization, PlainResponse, answer, current_request, g

__all__ = ["HTTPBasicAuth", "HTTPTokenAuth", "MultiAuth"]


async def _outcome(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def _loader(name: str) -> Callable[[Any, Any], Any]:
    def register(self: Any, callback: Any) -> Any:
        self.callbacks[name] = callback
        return callback

    return register


class _Guard:
    """The decorator that lets a handler answer those alone who may ask it."""

    def login_required(self, f: Any = None, role: Any = None, optional: Any = None) -> Any:
        def around(handler: Any) -> Any:
            @wraps(handler)
            async def guarded(*args: Any, **kwargs: Any) -> Any:
                refused = await self.check(role, optional)
                return await _outcome(handler(*args, **kwargs)) if refused is None else refused

            return guarded

        return around(f) if f else around

    async def check(self, role: Any, optional: Any) -> Any:
        raise NotImplementedError


class HTTPAuth(_Guard):
    def __init__(self, scheme: str, realm: Optional[str] = None, header: Optional[str] = None) -> None:
        self.scheme, self.realm, self.header = scheme, realm or "Authentication Required", header
        self.callbacks: Dict[str, Callable[..., Any]] = {}

    get_password = _loader("password")
    get_user_roles = _loader("roles")
    error_handler = _loader("error")

    async def refuse(self, status: int) -> PlainResponse:
        handler = self.callbacks.get("error", lambda status: ("Unauthorized Access", status))
        outcome = await _outcome(handler(status) if inspect.signature(handler).parameters else handler())
        response = answer(outcome)
        if response.status_code == 200 and not isinstance(outcome, (tuple, PlainResponse)):
            response.status_code = 401
        if "www-authenticate" not in response.headers:
            response.headers["www-authenticate"] = f'{self.scheme} realm="{self.realm}"'
        return response

    def fits(self) -> bool:
        """Whether the request has what this one looks at."""
        if self.header not in (None, "Authorization"):
            return self.header in current_request.headers
        scheme, found, _ = (current_request.headers.get("authorization") or "").strip().partition(" ")
        return bool(found) and scheme == self.scheme

    def get_auth(self) -> Optional[Authorization]:
        if self.header in (None, "Authorization"):
            auth = current_request.authorization
            return auth if auth is not None and auth.type.lower() == self.scheme.lower() else None
        return Authorization(self.scheme, token=current_request.headers[self.header]) if self.header in current_request.headers else None

    async def authenticate(self, auth: Any) -> Any:
        raise NotImplementedError

    async def authorize(self, role: Any, user: Any, auth: Any) -> bool:
        if role is None:
            return True
        if "roles" not in self.callbacks:
            raise ValueError("get_user_roles callback is not defined")
        have = await _outcome(self.callbacks["roles"](auth if user is True else user))
        own = set() if have is None else set(have) if isinstance(have, (list, tuple)) else {have}
        wanted = role if isinstance(role, (list, tuple)) else [role]
        return any(set(one) <= own if isinstance(one, (list, tuple)) else one in own for one in wanted)

    async def check(self, role: Any, optional: Any) -> Any:
        auth = self.get_auth()
        user = await self.authenticate(auth)
        status = 401 if user is False or user is None else 0 if await self.authorize(role, user, auth) else 403
        if status and not optional:
            return await self.refuse(status)
        g.flask_httpauth_user = user if user is not True else auth.username if auth else None
        return None

    def username(self) -> Any:
        auth = self.get_auth()
        return auth.username if auth else ""

    def current_user(self) -> Any:
        return g.get("flask_httpauth_user")


class HTTPBasicAuth(HTTPAuth):
    def __init__(self, scheme: Optional[str] = None, realm: Optional[str] = None) -> None:
        super().__init__(scheme or "Basic", realm)

    verify_password = _loader("verify")
    hash_password = _loader("hash")

    def get_auth(self) -> Optional[Authorization]:
        try:
            scheme, given = (current_request.headers.get("authorization") or "").split(" ", 1)
            username, password = b64decode(given).split(b":", 1)
        except (ValueError, TypeError):
            return None
        try:
            return Authorization(scheme, username.decode(), password.decode())
        except UnicodeDecodeError:
            return Authorization(scheme, username.decode("latin-1"), password.decode("latin-1"))

    async def authenticate(self, auth: Any) -> Any:
        known = None
        if auth and auth.username and "password" in self.callbacks:
            known = await _outcome(self.callbacks["password"](auth.username))
        if "verify" in self.callbacks:
            return await _outcome(self.callbacks["verify"](auth.username if auth else "", auth.password if auth else ""))
        if not auth:
            return None
        given = auth.password
        if "hash" in self.callbacks:
            hashed = self.callbacks["hash"]
            given = await _outcome(hashed(given) if len(inspect.signature(hashed).parameters) == 1 else hashed(auth.username, given))
        same = given is not None and known is not None and hmac.compare_digest(given, known)
        return auth.username if same else None


class HTTPTokenAuth(HTTPAuth):
    def __init__(self, scheme: str = "Bearer", realm: Optional[str] = None, header: Optional[str] = None) -> None:
        super().__init__(scheme, realm, header)

    verify_token = _loader("verify")

    async def authenticate(self, auth: Any) -> Any:
        if "verify" in self.callbacks:
            return await _outcome(self.callbacks["verify"](auth.token if auth else ""))
        return None


class MultiAuth(_Guard):
    """Asks the first one of several whose scheme the request names."""

    def __init__(self, main_auth: HTTPAuth, *args: HTTPAuth) -> None:
        self.main_auth, self.additional_auth = main_auth, args

    async def check(self, role: Any, optional: Any) -> Any:
        chosen = self.main_auth if self.main_auth.fits() else next((one for one in self.additional_auth if one.fits()), self.main_auth)
        return await chosen.check(role, optional)

    def current_user(self) -> Any:
        return g.get("flask_httpauth_user")
