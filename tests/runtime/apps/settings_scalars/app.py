"""Sets, scalars and dicts of scalars that handlers change."""
import json

from covet_router import handlers, route

settings = {"theme": "dark", "page_size": 20, "beta": False, "ratio": 0.5}
banned = {"mallory", "trudy"}
visits = 0
last_visitor = None
features = ["search", "export"]


@route("/settings")
def get_settings(request):
    return settings


@route("/settings", "PUT")
def put_settings(request):
    unknown = [k for k in request["json"] if k not in settings]
    if unknown:
        return {"unknown": unknown}, 400
    settings.update(request["json"])
    return settings


@route("/visit", "POST")
def visit(request):
    global visits, last_visitor
    name = request["json"]["name"]
    if name in banned:
        return {"error": "banned"}, 403
    visits += 1
    last_visitor = name
    return {"visits": visits, "last": last_visitor}


@route("/visits")
def count(request):
    return {"visits": visits, "last": last_visitor}


@route("/banned")
def list_banned(request):
    return sorted(banned)


@route("/banned", "POST")
def ban(request):
    banned.add(request["json"]["name"])
    return {"banned": len(banned)}, 201


@route("/banned", "DELETE")
def unban(request):
    banned.discard(request["json"]["name"])
    return {"banned": len(banned)}


@route("/features")
def list_features(request):
    return {"features": features, "first": features[0] if features else None}


@route("/features", "POST")
def add_feature(request):
    name = request["json"]["name"]
    if name in features:
        return {"error": "exists", "at": features.index(name)}, 409
    features.append(name)
    return {"features": features}, 201


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    data = b""
    while True:
        event = await receive()
        data += event.get("body", b"")
        if not event.get("more_body", False):
            break
    handler = handlers.get((scope["path"], scope["method"]))
    if handler is None:
        result = {"error": "Not found"}, 404
    else:
        try:
            result = handler({"json": json.loads(data) if data else {}})
        except Exception as error:
            result = {"error": str(error)}, 500
    body, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/json"), (b"x-app", b"settings")]})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
