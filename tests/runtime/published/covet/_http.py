"""Requests and responses."""

import json
import urllib.parse


class Headers(dict):
    """Keys in lower case: names differ in their letters' case only by accident."""

    def __init__(self, given=()):
        super().__init__({str(k).lower(): str(v) for k, v in dict(given or {}).items()})

    def __setitem__(self, name, value):
        super().__setitem__(name.lower(), str(value))

    def __getitem__(self, name):
        return super().__getitem__(name.lower())

    def __contains__(self, name):
        return super().__contains__(str(name).lower())

    def __delitem__(self, name):
        super().__delitem__(name.lower())

    def get(self, name, default=None):
        return super().get(name.lower(), default)

    def update(self, given):
        for name, value in dict(given).items():
            self[name] = value


class QueryValues:
    def __init__(self, text):
        self._lists = urllib.parse.parse_qs(text, keep_blank_values=True)

    def get(self, name, default=None):
        found = self._lists.get(name)
        return found[0] if found else default

    def get_list(self, name):
        return self._lists.get(name, [])

    def __getitem__(self, name):
        return self.get(name)

    def __contains__(self, name):
        return name in self._lists

    def items(self):
        return [(name, one) for name, many in self._lists.items() for one in many]


class CookieJar(dict):
    def __call__(self):
        return self


class Request:
    def __init__(self, scope, body):
        self.scope, self._body = scope, body
        self.method, self.path, self.url = scope["method"], scope["path"], scope["path"]
        self.headers = Headers({k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]})
        self.query = self.query_params = QueryValues(scope.get("query_string", b"").decode("latin-1"))
        self.path_params, self.context = {}, {}

    @property
    def content_type(self):
        return self.headers.get("content-type", "")

    def is_json(self):
        return "application/json" in self.content_type.lower()

    @property
    def cookies(self):
        jar = CookieJar()
        for piece in self.headers.get("cookie", "").split(";"):
            if "=" in piece:
                name, value = piece.strip().split("=", 1)
                jar[name] = urllib.parse.unquote_plus(value)
        return jar

    async def body(self):
        return self._body

    async def text(self):
        return self._body.decode()

    async def json(self):
        return json.loads(self._body.decode()) if self._body else {}

    async def form(self):
        fields = urllib.parse.parse_qs(self._body.decode(), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}


class Response:
    def __init__(self, content="", status_code=200, headers=None, media_type=None, charset="utf-8"):
        self.content, self.status_code, self.charset = content, status_code, charset
        if media_type is None:
            media_type = {dict: "application/json", list: "application/json", bytes: "application/octet-stream"}.get(
                type(content), "text/plain"
            )
        self.headers = Headers(headers)
        if "content-type" not in self.headers:
            texts = media_type.startswith("text/") or media_type == "application/json"
            self.headers["content-type"] = f"{media_type}; charset={charset}" if texts else media_type
        self._cookies = {}

    def set_cookie(
        self, name, value="", max_age=None, expires=None, path="/", domain=None, secure=False, http_only=False, same_site=None
    ):
        text = f"{name}={value}"
        if max_age is not None:
            text += f"; Max-Age={max_age}"
        if expires:
            text += f"; Expires={expires}"
        if path:
            text += f"; Path={path}"
        if domain:
            text += f"; Domain={domain}"
        text += "; Secure" if secure else ""
        text += "; HttpOnly" if http_only else ""
        text += f"; SameSite={same_site}" if same_site else ""
        self._cookies[name] = text

    def delete_cookie(self, name, path="/", domain=None):
        self.set_cookie(name, "", 0, "Thu, 01 Jan 1970 00:00:00 GMT", path, domain)

    def rendered(self):
        if self.status_code in (204, 304):
            return b""
        if isinstance(self.content, bytes):
            return self.content
        if isinstance(self.content, (dict, list)):
            return json.dumps(self.content, ensure_ascii=False, separators=(",", ":")).encode(self.charset)
        return str(self.content).encode(self.charset)

    async def send(self, send):
        body = self.rendered()
        pairs = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in self.headers.items()]
        pairs += [(b"set-cookie", text.encode("latin-1")) for text in self._cookies.values()]
        pairs.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": self.status_code, "headers": pairs})
        await send({"type": "http.response.body", "body": body})


def json_response(data, status_code=200, headers=None):
    return Response(data, status_code, headers, "application/json")


def html_response(content, status_code=200, headers=None):
    return Response(content, status_code, headers, "text/html")


def text_response(content, status_code=200, headers=None):
    return Response(content, status_code, headers, "text/plain")


def redirect_response(url, status_code=302, headers=None):
    return Response("", status_code, {"location": url, **(headers or {})})


def error_response(message, status_code=500, headers=None):
    return json_response({"error": message, "status": status_code}, status_code, headers)


class CovetError(Exception):
    def __init__(self, message="", status_code=500, headers=None):
        super().__init__(message)
        self.message, self.status_code, self.headers = message, status_code, headers


class HTTPException(CovetError):
    def __init__(self, status_code=500, detail="", headers=None):
        super().__init__(detail, status_code, headers)
        self.detail = detail


def as_response(value):
    if isinstance(value, tuple) and len(value) in (2, 3) and isinstance(value[1], int):
        made = Response("", 204) if value[0] is None else as_response(value[0])
        made.status_code = value[1]
        if len(value) == 3:
            made.headers.update(value[2])
        return made
    if isinstance(value, Response):
        return value
    if value is None:
        return Response("", 204)
    return json_response(value) if isinstance(value, (dict, list)) else Response(value if isinstance(value, bytes) else str(value))
