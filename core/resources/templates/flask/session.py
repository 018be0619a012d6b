import base64
import hashlib
import hmac
import time
import zlib
from collections.abc import MutableMapping
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie


class _SessionData(Dict[str, Any]):
    """What a client keeps for the application in a signed cookie."""

    accessed = modified = False
    #: Without a secret key nothing can be kept.
    sealed = True


_session_now: ContextVar[_SessionData] = ContextVar("flask_session")


class _Session(MutableMapping):  # type: ignore[type-arg]
    """The session of the request that is being answered."""

    @property
    def data(self) -> _SessionData:
        found = _session_now.get()
        found.accessed = True
        return found

    def __getitem__(self, name: str) -> Any:
        return self.data[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.modified = True
        self.data[name] = value

    def __delitem__(self, name: str) -> None:
        self.modified = True
        del self.data[name]

    def __iter__(self) -> Any:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def clear(self) -> None:
        self.modified = True
        self.data.clear()

    def setdefault(self, name: str, default: Any = None) -> Any:
        self.modified = self.modified or name not in self.data
        return self.data.setdefault(name, default)

    @property
    def modified(self) -> bool:
        return self.data.modified

    @modified.setter
    def modified(self, value: bool) -> None:
        if not self.data.sealed:
            raise RuntimeError("The session is unavailable because no secret key was set.")
        self.data.modified = value

    @property
    def permanent(self) -> bool:
        return bool(self.data.get("_permanent", False))

    @permanent.setter
    def permanent(self, value: bool) -> None:
        self["_permanent"] = bool(value)

    @property
    def new(self) -> bool:
        return not self.data


session = _Session()


def _tagged(value: Any) -> Any:
    """Values that JSON does not know, as Flask marks them."""
    if isinstance(value, tuple):
        return {" t": [_tagged(item) for item in value]}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    if isinstance(value, dict):
        return {name: _tagged(item) for name, item in value.items()}
    if isinstance(value, bytes):
        return {" b": base64.b64encode(value).decode()}
    if isinstance(value, UUID):
        return {" u": value.hex}
    if isinstance(value, datetime):
        return {" d": _json_fallback(value)}
    return value


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (mark, inner), *_ = value.items()
        if mark == " t":
            return tuple(_untagged(item) for item in inner)
        if mark == " b":
            return base64.b64decode(inner)
        if mark == " u":
            return UUID(inner)
        if mark == " d":
            return parsedate_to_datetime(inner)
    return {name: _untagged(item) for name, item in value.items()}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signature(secret: Any, text: str) -> str:
    secret = secret.encode() if isinstance(secret, str) else bytes(secret)
    key = hmac.new(secret, b"cookie-session", hashlib.sha1).digest()
    return _encoded(hmac.new(key, text.encode(), hashlib.sha1).digest())


def _sealed(secret: Any, data: Dict[str, Any]) -> str:
    plain = _json.dumps(_tagged(dict(data)), separators=(",", ":")).encode()
    packed = zlib.compress(plain)
    text = "." + _encoded(packed) if len(packed) < len(plain) - 1 else _encoded(plain)
    now = int(time.time())
    text += "." + _encoded(now.to_bytes((now.bit_length() + 7) // 8, "big"))
    return f"{text}.{_signature(secret, text)}"


def _opened(secret: Any, cookie: str, lifetime: float) -> Dict[str, Any]:
    """What a cookie holds; nothing if somebody else wrote it or it is too old."""
    try:
        text, _, seal = cookie.rpartition(".")
        if not text or not hmac.compare_digest(seal, _signature(secret, text)):
            return {}
        payload, _, moment = text.rpartition(".")
        if time.time() - int.from_bytes(_decoded(moment), "big") > lifetime:
            return {}
        packed = payload.startswith(".")
        plain = _decoded(payload[1:] if packed else payload)
        return _untagged(json.loads(zlib.decompress(plain) if packed else plain))
    except (ValueError, zlib.error):
        return {}


class KeepSession:
    """Reads the session of each request from its cookie, and sends what changed in it."""

    def __init__(self, app: Any, owner: Any) -> None:
        self.app, self.owner = app, owner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        settings = app_settings(self.owner)
        lifetime = settings.get("PERMANENT_SESSION_LIFETIME", 31 * 24 * 3600)
        seconds = lifetime.total_seconds() if hasattr(lifetime, "total_seconds") else float(lifetime)
        name, secret = settings.get("SESSION_COOKIE_NAME", "session"), settings.get("SECRET_KEY")
        cookies: SimpleCookie = SimpleCookie()
        for header, value in scope["headers"]:
            if header == b"cookie":
                cookies.load(value.decode("latin-1"))
        data: _SessionData = _SessionData(_opened(secret, cookies[name].value, seconds) if secret and name in cookies else {})

        data.sealed, started, listened = bool(secret), False, Replayed(receive)

        async def send_with_session(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                sent = data.modified or data.get("_permanent")
                headers = [*message["headers"], *([(b"vary", b"Cookie")] if data.accessed or sent else [])]
                if sent:
                    headers.append((b"set-cookie", self.cookie(settings, name, data, seconds).encode("latin-1")))
                message = {**message, "headers": headers}
            await send(message)

        token = _session_now.set(data)
        try:
            await self.app(scope, listened, send_with_session)
        except Exception as error:
            if started:
                raise
            await listened.answer_error(self.app, scope, error, send_with_session)
        finally:
            _session_now.reset(token)

    @staticmethod
    def cookie(settings: Any, name: str, data: _SessionData, seconds: float) -> str:
        text = f"{name}={_sealed(settings['SECRET_KEY'], data)}" if data else f"{name}=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"
        if data.get("_permanent"):
            text += "; Expires=" + format_datetime(datetime.fromtimestamp(time.time() + seconds, timezone.utc), usegmt=True)
        text += "; Secure" if settings.get("SESSION_COOKIE_SECURE") else ""
        text += "; HttpOnly" if settings.get("SESSION_COOKIE_HTTPONLY", True) else ""
        text += "; Path=" + (settings.get("SESSION_COOKIE_PATH") or "/")
        same = settings.get("SESSION_COOKIE_SAMESITE")
        return text + (f"; SameSite={same}" if same else "")


def flash(message: str, category: str = "message") -> None:
    """Keeps a message for the page that comes next."""
    session["_flashes"] = [*session.get("_flashes", []), (category, message)]


def get_flashed_messages(with_categories: bool = False, category_filter: Iterable[str] = ()) -> List[Any]:
    kept = _globals.get()
    if "_flashes" not in kept:
        kept["_flashes"] = session.pop("_flashes", []) if "_flashes" in session else []
    found = [one for one in kept["_flashes"] if not category_filter or one[0] in category_filter]
    return found if with_categories else [one[1] for one in found]
