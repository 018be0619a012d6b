"""JSON Web Tokens as Flask-JWT-Extended makes and checks them: the same claims, the same answers.

The names are those of ``flask_jwt_extended``, so that applications keep their code and clients keep
their tokens. Tokens are looked for in the header alone. PyJWT signs and verifies.
"""

from __future__ import annotations

import inspect
import uuid
from datetime import datetime, timedelta, timezone
from functools import wraps
from re import split
from typing import Any, Callable, Dict, Optional

import jwt as _jwt

from covet_flask import Response, _json_fallback, answer, app_settings, current_request, current_settings, error_handler, g

__all__ = [
    "JWTManager", "create_access_token", "create_refresh_token", "current_user", "decode_token", "fresh_jwt_required",
    "get_current_user", "get_jti", "get_jwt", "get_jwt_claims", "get_jwt_header", "get_jwt_identity", "get_raw_jwt",
    "jwt_optional", "jwt_refresh_token_required", "jwt_required", "verify_fresh_jwt_in_request", "verify_jwt_in_request",
    "verify_jwt_in_request_optional", "verify_jwt_refresh_token_in_request",
]  # fmt: skip

_DEFAULTS: Dict[str, Any] = {
    "JWT_ACCESS_TOKEN_EXPIRES": timedelta(minutes=15), "JWT_REFRESH_TOKEN_EXPIRES": timedelta(days=30),
    "JWT_ALGORITHM": "HS256", "JWT_IDENTITY_CLAIM": "sub", "JWT_ERROR_MESSAGE_KEY": "msg", "JWT_HEADER_NAME": "Authorization",
    "JWT_HEADER_TYPE": "Bearer", "JWT_DECODE_LEEWAY": 0, "JWT_VERIFY_SUB": True, "JWT_ENCODE_NBF": True,
}  # fmt: skip


class TokenError(Exception):
    """Why a request is refused: the loader that answers, and what it is called with."""

    def __init__(self, loader: str, *given: Any) -> None:
        super().__init__(*given)
        self.loader, self.given = loader, given


class _Encoder(_jwt.api_jwt.json.JSONEncoder):  # type: ignore[name-defined]
    def default(self, value: Any) -> Any:
        return _json_fallback(value)


_managers: Dict[Any, "JWTManager"] = {}


def _setting(name: str) -> Any:
    return current_settings().get(name, _DEFAULTS.get(name))


def _manager() -> "JWTManager":
    owner = current_request.scope["flask.owner"]
    if owner not in _managers:
        raise RuntimeError("You must initialize a JWTManager with this flask application before using this method")
    return _managers[owner]


def _says(text: str, status: int) -> Any:
    return Response(data={_setting("JWT_ERROR_MESSAGE_KEY"): text}, status_code=status)


def _loader(name: str) -> Callable[[Any], Any]:
    def register(self: Any, callback: Any) -> Any:
        self.loaders[name] = callback
        return callback

    return register


class JWTManager:
    """What an application decides about its tokens, in functions that it registers."""

    def __init__(self, app: Any = None, add_context_processor: bool = False) -> None:
        self.loaders: Dict[str, Callable[..., Any]] = {
            "expired": lambda header, data: _says("Token has expired", 401),
            "invalid": lambda text: _says(text, 422),
            "unauthorized": lambda text: _says(text, 401),
            "needs_fresh": lambda header, data: _says("Fresh token required", 401),
            "revoked": lambda header, data: _says("Token has been revoked", 401),
            "lookup_error": lambda header, data: _says(f"Error loading the user {data[_setting('JWT_IDENTITY_CLAIM')]}", 401),
            "unverified": lambda header, data: _says("User claims verification failed", 400),
        }
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Any, add_context_processor: bool = False) -> None:
        _managers[app] = self

        async def refuse(request: Any, error: TokenError) -> Any:
            outcome = self.ask(error.loader, *error.given)
            return answer(await outcome if inspect.isawaitable(outcome) else outcome)

        error_handler(app, TokenError)(refuse)

    def _set_error_handler_callbacks(self, app: Any) -> None:
        """`init_app` has registered it; some applications ask for it again."""

    def ask(self, name: str, *given: Any, otherwise: Any = None) -> Any:
        if name not in self.loaders:
            return otherwise
        loader = self.loaders[name]
        wanted = len(inspect.signature(loader).parameters)
        # Loaders of earlier releases take less: no header, or nothing at all.
        return loader(*given[len(given) - wanted :] if wanted < len(given) else given)

    additional_claims_loader = user_claims_loader = _loader("claims")
    additional_headers_loader = _loader("headers")
    user_identity_loader = _loader("identity")
    user_lookup_loader = user_loader_callback_loader = _loader("lookup")
    user_lookup_error_loader = user_loader_error_loader = _loader("lookup_error")
    token_in_blocklist_loader = token_in_blacklist_loader = _loader("blocked")
    token_verification_loader = claims_verification_loader = _loader("verify")
    token_verification_failed_loader = claims_verification_failed_loader = _loader("unverified")
    expired_token_loader = _loader("expired")
    invalid_token_loader = _loader("invalid")
    unauthorized_loader = _loader("unauthorized")
    needs_fresh_token_loader = _loader("needs_fresh")
    revoked_token_loader = _loader("revoked")


def _key() -> Any:
    key = _setting("JWT_SECRET_KEY") or _setting("SECRET_KEY")
    if not key:
        raise RuntimeError(f'JWT_SECRET_KEY or flask SECRET_KEY must be set when using symmetric algorithm "{_setting("JWT_ALGORITHM")}"')
    return key


def _encoded(identity: Any, kind: str, fresh: Any, expires: Any, claims: Any, headers: Any) -> str:
    loaders, now = _manager().loaders, datetime.now(timezone.utc)
    given = loaders["identity"](identity) if "identity" in loaders else identity
    more = {**(loaders["claims"](identity) if "claims" in loaders else {}), **(claims or {})}
    if expires is None:
        expires = _setting(f"JWT_{kind.upper()}_TOKEN_EXPIRES")
    if isinstance(expires, int) and not isinstance(expires, bool):
        expires = timedelta(seconds=expires)
    fresh = datetime.timestamp(now + fresh) if isinstance(fresh, timedelta) else fresh
    data = {"fresh": fresh, "iat": now, "jti": str(uuid.uuid4()), "type": kind, _setting("JWT_IDENTITY_CLAIM"): given}
    if _setting("JWT_ENCODE_NBF"):
        data["nbf"] = now
    if expires:
        data["exp"] = now + expires
    return _jwt.encode({**data, **more}, _key(), _setting("JWT_ALGORITHM"), json_encoder=_Encoder, headers=headers or {})


def create_access_token(
    identity: Any, fresh: Any = False, expires_delta: Any = None, additional_claims: Any = None, additional_headers: Any = None, user_claims: Any = None
) -> str:
    return _encoded(identity, "access", fresh, expires_delta, additional_claims or user_claims, additional_headers)


def create_refresh_token(
    identity: Any, expires_delta: Any = None, additional_claims: Any = None, additional_headers: Any = None, user_claims: Any = None
) -> str:
    return _encoded(identity, "refresh", False, expires_delta, additional_claims or user_claims, additional_headers)


def decode_token(encoded_token: str, csrf_value: Any = None, allow_expired: bool = False) -> Dict[str, Any]:
    options = {"verify_aud": False, "verify_sub": _setting("JWT_VERIFY_SUB"), **({"verify_exp": False} if allow_expired else {})}
    found = _jwt.decode(
        encoded_token, _key(), algorithms=[_setting("JWT_ALGORITHM")], leeway=_setting("JWT_DECODE_LEEWAY"), options=options
    )
    if _setting("JWT_IDENTITY_CLAIM") not in found:
        raise TokenError("invalid", f"Missing claim: {_setting('JWT_IDENTITY_CLAIM')}")
    return {"type": "access", "fresh": False, "jti": None, **found}


def _token_of_request() -> str:
    name, kind = _setting("JWT_HEADER_NAME"), _setting("JWT_HEADER_TYPE")
    text = (current_request.headers.get(name) or "").strip().strip(",")
    if not text:
        raise TokenError("unauthorized", f"Missing {name} Header")
    if not kind:
        parts = text.split()
        if len(parts) != 1:
            raise TokenError("invalid", f"Bad {name} header. Expected '{name}: <JWT>'")
        return parts[0]
    mine = [field for field in split(r",\s*", text) if field and field.split()[0] == kind]
    if len(mine) != 1:
        raise TokenError("unauthorized", f"Missing '{kind}' type in '{name}' header. Expected '{name}: {kind} <JWT>'")
    parts = mine[0].split()
    if len(parts) != 2:
        raise TokenError("invalid", f"Bad {name} header. Expected '{name}: {kind} <JWT>'")
    return parts[1]


def _verify(optional: Any, fresh: bool, refresh: bool, verify_type: bool = True, skip_revocation_check: bool = False) -> Any:
    manager = _manager()
    try:
        token = _token_of_request()
    except TokenError as error:
        if not optional or error.loader != "unauthorized":
            raise
        g._jwt, g._jwt_header, g._jwt_user = {}, {}, None
        return None
    try:
        data, header = decode_token(token), _jwt.get_unverified_header(token)
    except _jwt.ExpiredSignatureError:
        header = _jwt.get_unverified_header(token)
        raise TokenError("expired", header, _jwt.decode(token, options={"verify_signature": False})) from None
    except _jwt.InvalidTokenError as error:
        raise TokenError("invalid", str(error)) from None
    if verify_type and refresh != (data["type"] == "refresh"):
        raise TokenError("invalid", "Only refresh tokens are allowed" if refresh else "Only non-refresh tokens are allowed")
    if fresh and (not data["fresh"] if isinstance(data["fresh"], bool) else data["fresh"] < datetime.now(timezone.utc).timestamp()):
        raise TokenError("needs_fresh", header, data)
    if not manager.ask("verify", header, data, otherwise=True):
        raise TokenError("unverified", header, data)
    if not skip_revocation_check and manager.ask("blocked", header, data):
        raise TokenError("revoked", header, data)
    user = manager.ask("lookup", header, data)
    if user is None and "lookup" in manager.loaders:
        raise TokenError("lookup_error", header, data)
    g._jwt, g._jwt_header, g._jwt_user = data, header, user
    return header, data


def _guard(function: Any, *how: Any) -> Any:
    @wraps(function)
    async def guarded(*args: Any, **kwargs: Any) -> Any:
        _verify(*how)
        outcome = function(*args, **kwargs)
        return await outcome if inspect.isawaitable(outcome) else outcome

    return guarded


def jwt_required(
    optional: Any = False, fresh: bool = False, refresh: bool = False, locations: Any = None, verify_type: bool = True,
    skip_revocation_check: bool = False,
) -> Any:  # fmt: skip
    """As a decorator with or without arguments."""
    if callable(optional):
        return _guard(optional, False, False, False)
    return lambda function: _guard(function, optional, fresh, refresh, verify_type, skip_revocation_check)


def jwt_optional(function: Any) -> Any:
    return _guard(function, True, False, False)


def fresh_jwt_required(function: Any) -> Any:
    return _guard(function, False, True, False)


def jwt_refresh_token_required(function: Any) -> Any:
    return _guard(function, False, False, True)


def verify_jwt_in_request(
    optional: bool = False, fresh: bool = False, refresh: bool = False, locations: Any = None, verify_type: bool = True,
    skip_revocation_check: bool = False,
) -> Any:  # fmt: skip
    return _verify(optional, fresh, refresh, verify_type, skip_revocation_check)


def verify_jwt_in_request_optional() -> Any:
    return _verify(True, False, False)


def verify_fresh_jwt_in_request() -> Any:
    return _verify(False, True, False)


def verify_jwt_refresh_token_in_request() -> Any:
    return _verify(False, False, True)


def get_jwt() -> Dict[str, Any]:
    found = g.get("_jwt")
    if found is None:
        raise RuntimeError("You must call `@jwt_required()` or `verify_jwt_in_request()` before using this method")
    return found


get_raw_jwt = get_jwt


def get_jwt_header() -> Dict[str, Any]:
    get_jwt()
    return g._jwt_header


def get_jwt_claims() -> Any:
    return get_jwt().get("user_claims", get_jwt())


def get_jwt_identity() -> Any:
    return get_jwt().get(_setting("JWT_IDENTITY_CLAIM"))


def get_current_user() -> Any:
    get_jwt()
    return g._jwt_user


def get_jti(encoded_token: str) -> Optional[str]:
    return decode_token(encoded_token).get("jti")


class _CurrentUser:
    def __getattr__(self, name: str) -> Any:
        return getattr(get_current_user(), name)

    def __getitem__(self, name: Any) -> Any:
        return get_current_user()[name]


#: Stands for what the application looks up for a token.
current_user: Any = _CurrentUser()
