"""Hashes of passwords as Flask-Bcrypt makes and checks them."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any, Optional, Union

import bcrypt

from covet_flask import app_settings

__all__ = ["Bcrypt", "check_password_hash", "generate_password_hash"]


def _bytes(text: Union[str, bytes]) -> bytes:
    return text.encode() if isinstance(text, str) else text


class Bcrypt:
    """The settings of an application for its hashes."""

    def __init__(self, app: Any = None) -> None:
        self.rounds, self.prefix, self.takes_long = 12, "2b", False
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Any) -> None:
        settings = app_settings(app)
        self.rounds = settings.get("BCRYPT_LOG_ROUNDS", 12)
        self.prefix = settings.get("BCRYPT_HASH_PREFIX", "2b")
        self.takes_long = settings.get("BCRYPT_HANDLE_LONG_PASSWORDS", False)

    def _secret(self, password: Union[str, bytes]) -> bytes:
        secret = _bytes(password)
        return sha256(secret).hexdigest().encode() if self.takes_long else secret

    def generate_password_hash(self, password: Union[str, bytes], rounds: Optional[int] = None) -> bytes:
        if not password:
            raise ValueError("Password must be non-empty.")
        salt = bcrypt.gensalt(rounds=self.rounds if rounds is None else rounds, prefix=_bytes(self.prefix))
        return bcrypt.hashpw(self._secret(password), salt)

    def check_password_hash(self, pw_hash: Union[str, bytes], password: Union[str, bytes]) -> bool:
        known = _bytes(pw_hash)
        return hmac.compare_digest(bcrypt.hashpw(self._secret(password), known), known)


def generate_password_hash(password: Union[str, bytes], rounds: Optional[int] = None) -> bytes:
    return Bcrypt().generate_password_hash(password, rounds)


def check_password_hash(pw_hash: Union[str, bytes], password: Union[str, bytes]) -> bool:
    return Bcrypt().check_password_hash(pw_hash, password)
