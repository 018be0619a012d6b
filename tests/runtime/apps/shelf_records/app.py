"""Route objects that match paths themselves, requests as a dataclass."""
import json
from dataclasses import dataclass, field


@dataclass
class Request:
    method: str
    path: str
    query: dict = field(default_factory=dict)
    body: bytes = b""
    params: dict = field(default_factory=dict)

    @property
    def data(self):
        return json.loads(self.body or b"{}")


class Route:
    def __init__(self, method, path, handler):
        self.method = method
        self.parts = path.strip("/").split("/")
        self.handler = handler

    def match(self, path):
        parts = path.strip("/").split("/")
        if len(parts) != len(self.parts):
            return None
        params = {}
        for mine, given in zip(self.parts, parts):
            if mine.startswith(":"):
                params[mine[1:]] = given
            elif mine != given:
                return None
        return params


ROUTES = []


def get(path):
    def inner(fn):
        ROUTES.append(Route("GET", path, fn))
        return fn
    return inner


def post(path):
    def inner(fn):
        ROUTES.append(Route("POST", path, fn))
        return fn
    return inner


BOOKS = {"dune": {"title": "Dune", "year": 1965}}


@get("/books")
def books(req):
    return [dict(slug=slug, **b) for slug, b in BOOKS.items()]


@get("/books/:slug")
def book(req):
    b = BOOKS.get(req.params["slug"])
    if b is None:
        return {"error": "missing"}, 404
    return b


@post("/books")
def add(req):
    d = req.data
    BOOKS[d["slug"]] = {"title": d["title"], "year": d["year"]}
    return BOOKS[d["slug"]], 201


def handle(req):
    for r in ROUTES:
        if r.method != req.method:
            continue
        params = r.match(req.path)
        if params is None:
            continue
        req.params = params
        return r.handler(req)
    return {"error": "not found"}, 404


async def app(scope, receive, send):
    body = (await receive()).get("body", b"")
    req = Request(method=scope["method"], path=scope["path"], body=body)
    result = handle(req)
    if not isinstance(result, tuple):
        result = (result, 200)
    payload, status = result
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
