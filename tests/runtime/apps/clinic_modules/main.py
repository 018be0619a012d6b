"""Entry point: importing the handler modules registers their routes."""
import json
from urllib.parse import parse_qs

import handlers.patients
import handlers.visits
from registry import table


def split(path):
    return [part for part in path.split("/") if part]


def find(method, path):
    parts = split(path)
    for (verb, pattern), func in table.items():
        wanted = split(pattern)
        if verb == method and len(wanted) == len(parts):
            params = {}
            for w, p in zip(wanted, parts):
                if w.startswith("{"):
                    params[w.strip("{}")] = p
                elif w != p:
                    break
            else:
                return func, params
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
    func, params = find(scope["method"], scope["path"])
    if func is None:
        result = {"error": "not found", "path": scope["path"]}, 404
    else:
        query = {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()}
        try:
            result = func({"params": params, "query": query, "json": json.loads(body) if body else None})
        except Exception as exc:
            result = {"error": str(exc)}, 500
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
