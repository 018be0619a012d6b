"""Handlers under decorators of the program: one looks at the request, one passes everything on."""
import functools
import inspect
import json
from urllib.parse import parse_qs

ROUTES = {}
guests = [{"id": 1, "name": "Mara", "room": 12}, {"id": 2, "name": "Ilir", "room": 3}]
TOKENS = ("t-1", "t-2")


def route(path, method="GET"):
    def register(func):
        ROUTES[(method, path)] = func
        return func

    return register


def guarded(handler):
    """Asks for a token."""

    async def check(req):
        token = req["headers"].get("x-token")
        if token not in TOKENS:
            return {"error": "no token"}, 401
        result = handler(req)
        if inspect.isawaitable(result):
            result = await result
        return result

    return check


def counted(kind):
    def around(handler):
        @functools.wraps(handler)
        def inner(*args, **kwargs):
            print("asked for", kind)
            return handler(*args, **kwargs)

        return inner

    return around


@route("/guests")
@counted("list")
def list_guests(req):
    wanted = req["query"].get("room")
    return [guest for guest in guests if wanted is None or guest["room"] == int(wanted)]


@route("/guests/{guest_id}")
@guarded
def show_guest(req):
    guest_id = int(req["params"]["guest_id"])
    for guest in guests:
        if guest["id"] == guest_id:
            return guest
    return {"error": "no such guest"}, 404


@route("/guests", "POST")
@guarded
@counted("creation")
async def add_guest(req):
    data = req["json"]
    guest = {"id": max(g["id"] for g in guests) + 1, "name": data["name"], "room": data["room"]}
    guests.append(guest)
    return guest, 201


@route("/guests/{guest_id}", "DELETE")
@counted("deletion")
@guarded
async def drop_guest(req):
    for guest in guests:
        if str(guest["id"]) == req["params"]["guest_id"]:
            guests.remove(guest)
            return {"dropped": guest["name"]}
    return {"error": "no such guest"}, 404


def find(method, path):
    for (verb, pattern), handler in ROUTES.items():
        wanted, given = pattern.split("/"), path.split("/")
        if verb != method or len(wanted) != len(given):
            continue
        params = {w[1:-1]: g for w, g in zip(wanted, given) if w.startswith("{")}
        if all(w == g or w.startswith("{") for w, g in zip(wanted, given)):
            return handler, params
    return None, {}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    handler, params = find(scope["method"], scope["path"])
    if handler is None:
        result = {"error": "not found"}, 404
    else:
        req = {
            "params": params,
            "query": {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()},
            "headers": {k.decode(): v.decode() for k, v in scope["headers"]},
            "json": json.loads(body) if body else None,
        }
        result = handler(req)
        if inspect.isawaitable(result):
            result = await result
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
