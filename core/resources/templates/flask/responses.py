import hashlib
from email.utils import format_datetime, formatdate, parsedate_to_datetime


_TEXTS = {"application/javascript", "application/ecmascript", "application/sql", "application/xml", "application/xml-dtd"}


def with_charset(kind: str) -> str:
    """A media type as Werkzeug sends it: one of text says that it is UTF-8."""
    text = kind.startswith("text/") or kind in _TEXTS or kind.endswith("+xml")
    return f"{kind}; charset=utf-8" if text and "charset" not in kind else kind


def with_options(value: Any, options: Dict[str, Any]) -> str:
    """The text of a header with options behind it: `attachment; filename=rows.csv`."""
    pairs = ((name.replace("_", "-"), option) for name, option in options.items() if option is not None)
    written = (f"{name}={_quoted_option(str(option))}" for name, option in pairs)
    return "; ".join([str(value), *written])


def _quoted_option(text: str) -> str:
    if re.fullmatch(r"[\w!#$%&'*+\-.^`|~]+", text, re.A):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


class Response(PlainResponse):
    """A response with Flask's JSON: keys in order, dates as in HTTP headers. None is ``null``."""

    def __init__(
        self,
        data: Any = b"",
        status_code: int = 200,
        headers: Any = None,
        media_type: str = JSON,
        cookies: Any = None,
    ) -> None:
        if media_type == JSON and not isinstance(data, (bytes, bytearray)):
            data = _json_text(data).encode()
        super().__init__(
            data=data, status_code=int(status_code), headers=_quoted_location(headers), media_type=media_type, cookies=cookies
        )

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: Any = None,
        expires: Any = None,
        path: Optional[str] = "/",
        domain: Optional[str] = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: Any = None,
    ) -> None:
        max_age = int(max_age.total_seconds()) if isinstance(max_age, timedelta) else max_age
        if expires is None and max_age is not None:
            expires = time.time() + max_age
        if isinstance(expires, datetime):
            expires = (expires if expires.tzinfo else expires.replace(tzinfo=timezone.utc)).timestamp()
        if isinstance(expires, (int, float)):
            expires = formatdate(expires, usegmt=True)
        if not re.fullmatch(r"[\w!#$%&'()*+\-./:<=>?@\[\]^`{|}~]*", value, re.A):
            quoted = re.sub(rb'[\x00-\x19",;\\\x7f-\xff]', lambda found: b"\\" + (found[0] if found[0] in b'"\\' else b"%03o" % found[0][0]), value.encode())
            value = f'"{quoted.decode()}"'
        age = None if max_age is None else str(max_age)
        given = {"Domain": domain, "Expires": expires, "Max-Age": age, "Secure": secure, "HttpOnly": httponly, "Path": path}
        given["SameSite"] = samesite and samesite.title()
        options = [name if option is True else f"{name}={option}" for name, option in given.items() if option]
        self.headers.append("set-cookie", "; ".join([f"{key}={value}", *options]))

    def delete_cookie(self, key: str, path: Optional[str] = "/", domain: Optional[str] = None, **options: Any) -> None:
        self.set_cookie(key, expires=0, max_age=0, path=path, domain=domain, **options)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.status_code == 304:
            self._without_body()
        await super().__call__(scope, receive, send)

    def _without_body(self) -> None:
        """What the client has already is not described again."""
        self.body = b""
        for name in _OF_BODIES:
            if name in self.headers:
                del self.headers[name]

    @property
    def headers(self) -> "ResponseHeaders":  # type: ignore[override]
        return ResponseHeaders(raw=self.raw_headers)

    @property
    def data(self) -> bytes:
        """The body, which may be given later on."""
        return bytes(self.body)

    @data.setter
    def data(self, value: Any) -> None:
        if "raw_headers" not in self.__dict__:
            return  # still being made
        body = value.encode() if isinstance(value, str) else bytes(value)
        self.body = b"" if self.status_code in (204, 304) else body
        self.headers["content-length"] = len(self.body)

    set_data = data.fset  # type: ignore[attr-defined]

    def get_data(self, as_text: bool = False) -> Any:
        return self.data.decode() if as_text else self.data

    def get_json(self, force: bool = False, silent: bool = False) -> Any:
        return _json.loads(self.body) if force or self.is_json else None

    @property
    def json(self) -> Any:
        return self.get_json()

    @property
    def is_json(self) -> bool:
        return _says_json(self.content_type)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type") or ""

    @content_type.setter
    def content_type(self, value: str) -> None:
        self.headers["content-type"] = value

    @property
    def mimetype(self) -> str:
        return _media_type(self.content_type)

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        self.content_type = with_charset(value)

    @property
    def content_length(self) -> Optional[int]:
        return int(self.headers["content-length"]) if "content-length" in self.headers else None

    @property
    def cache_control(self) -> "CacheControl":
        return CacheControl(self.headers)

    def get_etag(self) -> Tuple[Optional[str], Optional[bool]]:
        tag = self.headers.get("etag")
        return (tag.removeprefix("W/").strip('"'), tag.startswith("W/")) if tag else (None, None)

    def set_etag(self, etag: str, weak: bool = False) -> None:
        self.headers["etag"] = ("W/" if weak else "") + f'"{etag}"'

    def add_etag(self, overwrite: bool = False, weak: bool = False) -> None:
        if overwrite or "etag" not in self.headers:
            self.set_etag(hashlib.sha1(self.data).hexdigest(), weak)

    def make_conditional(self, request: Any, accept_ranges: Any = False, complete_length: Any = None) -> "Response":
        """Leaves the body out when the client has it already."""
        if request.method not in ("GET", "HEAD"):
            return self
        self.headers.setdefault("date", formatdate(usegmt=True))
        tag, _ = self.get_etag()
        modified = _moment(self.headers.get("last-modified"))
        known, since = request.headers.get("if-none-match"), _moment(request.headers.get("if-modified-since"))
        has = modified is not None and since is not None and modified <= since
        if tag and known:
            tags = [one.strip().removeprefix("W/").strip('"') for one in known.split(",")]
            has = known.strip() == "*" or tag in tags
        if tag and request.headers.get("if-match"):
            given = request.headers.get("if-match")
            wanted = [one.strip().strip('"') for one in given.split(",") if not one.strip().startswith("W/")]
            if given.strip() != "*" and tag not in wanted:
                self.status_code = 412
        if has and self.status_code != 412:
            self.status_code = 304
        return self

    @property
    def status(self) -> str:
        return f"{self.status_code} {_NAMES.get(self.status_code, http.HTTPStatus(self.status_code).phrase).upper()}"

    @status.setter
    def status(self, value: Any) -> None:
        self.status_code = int(str(value).split()[0])


class ResponseHeaders(type(PlainResponse(data=b"").headers)):  # type: ignore[misc]
    """Headers of an answer; values of any type become text."""

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, str(value))

    def add(self, name: str, value: Any, **options: Any) -> None:
        self.append(name, with_options(value, options))

    def set(self, name: str, value: Any, **options: Any) -> None:
        self[name] = with_options(value, options)

    def extend(self, values: Any) -> None:
        for name, value in values.items() if isinstance(values, dict) else values:
            self.add(name, value)

    def pop(self, name: str, *default: Any) -> Any:
        if name not in self:
            if default:
                return default[0]
            raise KeyError(name)
        value = self[name]
        del self[name]
        return value

    def remove(self, name: str) -> None:
        del self[name]


class StreamedResponse(Response):
    """An answer whose pieces are made while it is sent."""

    def __init__(self, pieces: Iterable[Any], status_code: int = 200, headers: Any = None, media_type: str = HTML) -> None:
        super().__init__(status_code=status_code, headers=headers, media_type=media_type)
        self.pieces = iter(pieces)
        del self.headers["content-length"]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        while (piece := await asyncio.to_thread(next, self.pieces, None)) is not None:
            body = piece.encode() if isinstance(piece, str) else bytes(piece)
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


_OF_BODIES = ("allow", "content-encoding", "content-language", "content-length", "content-md5", "content-range", "content-type", "last-modified")


def _moment(text: Optional[str]) -> Optional[datetime]:
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None


def _header(name: str, write: Callable[[Any], str] = str, read: Callable[[str], Any] = str) -> Any:
    """A header as an attribute; None takes it away."""

    def get(response: Any) -> Any:
        return read(response.headers[name]) if name in response.headers else None

    def put(response: Any, value: Any) -> None:
        if value is not None:
            response.headers[name] = write(value)
        elif name in response.headers:
            del response.headers[name]

    return property(get, put)


def _http_date(value: Any) -> str:
    if isinstance(value, (int, float)):
        return formatdate(value, usegmt=True)
    value = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    value = value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
    return format_datetime(value, usegmt=True)


Response.location = _header("location", lambda value: _quoted_location({"location": value})["location"])  # type: ignore[attr-defined]
Response.last_modified = _header("last-modified", _http_date, _moment)  # type: ignore[attr-defined]
Response.expires = _header("expires", _http_date, _moment)  # type: ignore[attr-defined]
Response.retry_after = _header("retry-after")  # type: ignore[attr-defined]
Response.content_encoding = _header("content-encoding")  # type: ignore[attr-defined]
Response.content_location = _header("content-location")  # type: ignore[attr-defined]
Response.age = _header("age", read=int)  # type: ignore[attr-defined]
Response.access_control_allow_origin = _header("access-control-allow-origin")  # type: ignore[attr-defined]


class CacheControl:
    """The parts of the header for caches, as attributes: ``response.cache_control.max_age = 60``."""

    def __init__(self, headers: Any) -> None:
        self.__dict__["headers"] = headers

    def _parts(self) -> Dict[str, Optional[str]]:
        pieces = [piece.strip() for piece in (self.headers.get("cache-control") or "").split(",") if piece.strip()]
        return {name: value if sign else None for name, sign, value in (piece.partition("=") for piece in pieces)}

    def __getattr__(self, name: str) -> Any:
        parts, known = self._parts(), name.rstrip("_").replace("_", "-")
        if known not in parts:
            return None if known in ("max-age", "s-maxage") else False
        value = parts[known]
        return True if value is None else int(value) if value.isdigit() else value

    def __setattr__(self, name: str, value: Any) -> None:
        parts, known = self._parts(), name.rstrip("_").replace("_", "-")
        parts.pop(known, None) if value is None or value is False else parts.update({known: None if value is True else str(value)})
        if parts:
            self.headers["cache-control"] = ", ".join(part if text is None else f"{part}={text}" for part, text in parts.items())
        elif "cache-control" in self.headers:
            del self.headers["cache-control"]
