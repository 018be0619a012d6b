"""Passwords are kept as salted hashes, in the text form of ``werkzeug.security``: ``scrypt:n:r:p$salt$digest``."""

import hashlib
import hmac
import secrets
from typing import Any

_COST = (32768, 8, 1)


def hash_password(password: Any) -> str:
    """A salted hash of a password. What is no text is no password, and stays what it is."""
    if not isinstance(password, str):
        return password
    salt = secrets.token_hex(8)
    return "scrypt:%d:%d:%d$%s$%s" % (*_COST, salt, _digest(password, salt, *_COST))


def is_password(stored: str, given: Any) -> bool:
    """Whether a password is the one that was kept. The comparison takes the same time wherever they differ."""
    if not isinstance(stored, str) or not isinstance(given, str):
        return stored == given
    method, _, rest = stored.partition("$")
    salt, _, digest = rest.partition("$")
    name, *cost = method.split(":")
    if stored == "!":  # no password at all
        return False
    if name != "scrypt" or len(cost) != 3 or not digest:  # kept before passwords were hashed
        return hmac.compare_digest(_bytes(stored), _bytes(given))
    return hmac.compare_digest(digest, _digest(given, salt, *map(int, cost)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(password: str, salt: str, n: int, r: int, p: int) -> str:
    made = hashlib.scrypt(_bytes(password), salt=_bytes(salt), n=n, r=r, p=p, maxmem=132 * n * r * p)
    return made.hex()
