"""A table of exact paths, and two kinds of paths that the callable tells by their ends."""
import json

notices = [{"id": 1, "text": "Welcome", "likes": 0}, {"id": 2, "text": "Closed on Monday", "likes": 3}]


def list_notices(req):
    return notices


def add_notice(req):
    notice = {"id": len(notices) + 1, "text": req["json"]["text"], "likes": 0}
    notices.append(notice)
    return notice, 201


def show_notice(req):
    wanted = req["path"].split("/")[-1]
    for notice in notices:
        if str(notice["id"]) == wanted:
            return notice
    return {"error": "no such notice"}, 404


def like(req):
    wanted = req["path"].split("/")[-2]
    for notice in notices:
        if str(notice["id"]) == wanted:
            notice["likes"] += 1
            return {"likes": notice["likes"]}
    return {"error": "no such notice"}, 404


TABLE = {
    ("GET", "/notices"): list_notices,
    ("POST", "/notices"): add_notice,
}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    path, method = scope["path"], scope["method"]
    req = {"path": path, "json": json.loads(body) if body else {}}
    if (method, path) in TABLE:
        out = TABLE[(method, path)](req)
    elif method == "GET" and path.startswith("/notices/"):
        out = show_notice(req)
    elif method == "POST" and path.endswith("/like"):
        out = like(req)
    else:
        out = {"error": "no such page"}, 404
    status = 200
    if isinstance(out, tuple):
        out, status = out
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(out).encode()})
