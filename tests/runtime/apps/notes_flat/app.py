"""Notes: one file, a flat registry, two list stores."""
import inspect
import json
from urllib.parse import parse_qs

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


notes = [
    {"id": 1, "title": "Milk", "body": "two litres", "done": False, "folder": "home"},
    {"id": 2, "title": "Call Ada", "body": None, "done": True, "folder": "work"},
    {"id": 4, "title": "Ünïcode", "body": "naïve ☃", "done": False, "folder": "work"},
]
folders = [{"name": "home", "color": "#fff"}, {"name": "work", "color": "#000"}]


def matches(pattern, path):
    want, got = pattern.split("/"), path.split("/")
    if len(want) != len(got):
        return None
    params = {}
    for w, g in zip(want, got):
        if w.startswith("{"):
            if not g:
                return None
            params[w[1:-1]] = g
        elif w != g:
            return None
    return params


@route("/notes")
async def list_notes(request):
    return notes


@route("/notes", method="POST")
async def create_note(request):
    data = request["json"]
    if not data or "title" not in data:
        return {"error": "title required"}, 400
    note = {"id": notes[-1]["id"] + 1 if notes else 1, "title": data["title"], "body": data.get("body"),
            "done": False, "folder": data.get("folder", "home")}
    notes.append(note)
    return note, 201


@route("/notes/search")
def search(request):
    word = request["query"].get("q", "")
    return {"hits": [n["id"] for n in notes if word.lower() in n["title"].lower()], "q": word}


@route("/notes/{note_id}")
def get_note(request):
    found = [n for n in notes if n["id"] == int(request["params"]["note_id"])]
    if len(found) == 0:
        return {"error": "no such note"}, 404
    return found[0]


@route("/notes/{note_id}", "PUT")
def replace_note(request):
    wanted = int(request["params"]["note_id"])
    for index, note in enumerate(notes):
        if note["id"] == wanted:
            data = request["json"]
            notes[index] = {"id": wanted, "title": data["title"], "body": data.get("body"),
                            "done": data.get("done", False), "folder": note["folder"]}
            return notes[index]
    return {"error": "no such note"}, 404


@route("/notes/{note_id}/done", "POST")
async def finish(request):
    for note in notes:
        if note["id"] == int(request["params"]["note_id"]):
            note["done"] = not note["done"]
            return {"id": note["id"], "done": note["done"]}
    return {"error": "no such note"}, 404


@route("/notes/{note_id}", "DELETE")
def remove_note(request):
    for i in range(len(notes)):
        if notes[i]["id"] == int(request["params"]["note_id"]):
            del notes[i]
            return None, 204
    return {"error": "no such note"}, 404


@route("/folders")
def list_folders(request):
    out = []
    for folder in folders:
        out.append({"name": folder["name"], "color": folder["color"],
                    "notes": len([n for n in notes if n["folder"] == folder["name"]])})
    return {"folders": out}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    result = {"error": "Not found"}, 404
    handler, params = routes.get((scope["method"], scope["path"])), {}
    if handler is None:
        for (method, pattern), func in routes.items():
            params = matches(pattern, scope["path"])
            if method == scope["method"] and params is not None:
                handler = func
                break
    if handler is not None:
        query = {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()}
        try:
            result = handler({"method": scope["method"], "path": scope["path"], "params": params or {},
                              "query": query, "json": json.loads(body) if body else None})
            if inspect.isawaitable(result):
                result = await result
        except Exception as exc:
            result = {"error": type(exc).__name__, "message": str(exc)}, 500
    data, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(data).encode() if data is not None else b""})
