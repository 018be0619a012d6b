"""A gallery: handlers return {"status", "headers", "body"}; pages, redirects and files beside JSON."""
import json
from urllib.parse import parse_qsl

routes = {}
pictures = [
    {"id": 1, "title": "Sunrise", "width": 800, "height": 600, "public": True},
    {"id": 2, "title": "<Night>", "width": 640, "height": 480, "public": False},
]


def route(method, path):
    def add(f):
        routes[method + " " + path] = f
        return f
    return add


def reply(value, status=200):
    return {"status": status, "headers": {"content-type": "application/json"}, "body": json.dumps(value)}


@route("GET", "/")
def home(request):
    items = "".join("<li>%s</li>" % p["title"].replace("<", "&lt;") for p in pictures if p["public"])
    return {"status": 200, "headers": {"content-type": "text/html; charset=utf-8"}, "body": "<ul>" + items + "</ul>"}


@route("GET", "/pictures")
def all_pictures(request):
    wide = request["query"].get("min_width")
    found = [p for p in pictures if p["public"]]
    if wide:
        found = [p for p in found if p["width"] >= int(wide)]
    return reply(found)


@route("POST", "/pictures")
def add_picture(request):
    data = json.loads(request["body"])
    picture = {"id": pictures[-1]["id"] + 1, "title": data["title"], "width": data["width"],
               "height": data["height"], "public": data.get("public", True)}
    pictures.append(picture)
    return {"status": 201, "headers": {"content-type": "application/json", "location": "/pictures/%d" % picture["id"]},
            "body": json.dumps(picture)}


@route("GET", "/export.csv")
def export(request):
    lines = ["id,title"] + ["%d,%s" % (p["id"], p["title"]) for p in pictures]
    return {"status": 200, "headers": {"content-type": "text/csv"}, "body": "\n".join(lines) + "\n"}


@route("GET", "/latest")
def latest(request):
    return {"status": 302, "headers": {"location": "/pictures?min_width=1"}, "body": ""}


@route("POST", "/publish")
def publish(request):
    changed = 0
    for picture in pictures:
        if not picture["public"]:
            picture["public"] = True
            changed += 1
    return reply({"published": changed})


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    handler = routes.get(scope["method"] + " " + scope["path"])
    if handler is None:
        response = reply({"error": "not found"}, 404)
    else:
        try:
            response = handler({"query": dict(parse_qsl(scope["query_string"].decode())), "body": body})
        except Exception as error:
            response = reply({"error": type(error).__name__}, 500)
    await send({"type": "http.response.start", "status": response["status"],
                "headers": [(k.encode(), v.encode()) for k, v in response["headers"].items()]})
    await send({"type": "http.response.body", "body": response["body"].encode()})
