import hashlib
import secrets


def hashed(text):
    salt = secrets.token_hex(4)
    return salt + "$" + hashlib.sha256((salt + text).encode()).hexdigest()


def matches(text, known):
    salt, digest = known.split("$")
    return hashlib.sha256((salt + text).encode()).hexdigest() == digest
