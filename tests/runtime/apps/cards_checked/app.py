"""Cards that are only put in and listed: no query needs a helper, and rows are checked all the same."""
import inspect
import json
from urllib.parse import parse_qs

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


cards = [
    {"title": "Milk", "stars": 3},
]


@route("/cards")
def list_cards(request):
    return {"cards": cards}


@route("/cards", "POST")
def add_card(request):
    data = request["json"]
    card = {"title": data["title"], "stars": data["stars"]}
    cards.append(card)
    return card, 201


def find_handler(method, path):
    if (method, path) in routes:
        return routes[(method, path)], {}
    parts = path.strip("/").split("/")
    for (m, pattern), func in routes.items():
        want = pattern.strip("/").split("/")
        if m != method or len(want) != len(parts):
            continue
        params = {}
        for w, got in zip(want, parts):
            if w.startswith("{") and w.endswith("}"):
                params[w[1:-1]] = got
            elif w != got:
                break
        else:
            return func, params
    return None, {}


# Simple ASGI application
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    func, params = find_handler(scope["method"], scope["path"])
    if func is None:
        result = ({"error": "Not found"}, 404)
    else:
        try:
            request = {"method": scope["method"], "path": scope["path"], "params": params,
                       "query": {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()},
                       "json": json.loads(body) if body else None}
            result = func(request)
            if inspect.isawaitable(result):
                result = await result
        except Exception as exc:
            print("error:", exc)
            result = ({"error": str(exc)}, 500)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
