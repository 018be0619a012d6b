"""A shop on CovetPy 0.1: start it with  uvicorn app:app --port 8008"""
import inspect
import json
from urllib.parse import parse_qs

import accounts
import catalog
import orders
from router import find_handler, route, routes


@route("/")
async def index(request):
    return {"app": "Lindenhof Outdoor", "version": "0.1.4", "endpoints": sorted({path for _, path in routes})}


@route("/health")
def health(request):
    return {"status": "ok"}


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

    handler, params = find_handler(scope["method"], scope["path"])
    if handler is None:
        payload, status = {"error": "Not found"}, 404
    else:
        try:
            request = {
                "method": scope["method"],
                "path": scope["path"],
                "params": params,
                "query": {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()},
                "json": json.loads(body) if body else None,
            }
            result = handler(request)
            if inspect.isawaitable(result):
                result = await result
        except Exception as exc:
            print("error:", repr(exc))
            result = {"error": str(exc)}, 500
        payload, status = result if isinstance(result, tuple) else (result, 200)

    await send({
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"application/json")],
    })
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(app, host="127.0.0.1", port=8008)
