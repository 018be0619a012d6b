"""Shopping lists: a package with relative imports; ids are UUIDs."""
import json

from .repository import repository
from .routing import delete, find, get, post


@get("/lists")
async def index(request):
    return {"lists": repository.all()}


@post("/lists")
async def create(request):
    title = (request["json"] or {}).get("title", "").strip()
    if not title:
        return {"error": "title is required"}, 422
    return repository.create(title), 201


@get("/lists/{list_id}")
async def show(request):
    found = repository.get(request["params"]["list_id"])
    if found is None:
        return {"error": "not found"}, 404
    return found


@post("/lists/{list_id}/entries")
async def add(request):
    entries = repository.add_entry(request["params"]["list_id"], request["json"]["text"])
    if entries is None:
        return {"error": "not found"}, 404
    return {"entries": entries}, 201


@delete("/lists/{list_id}")
async def remove(request):
    return ({"ok": True}, 200) if repository.delete(request["params"]["list_id"]) else ({"error": "not found"}, 404)


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    event = await receive()
    body = event.get("body", b"")
    handler, params = find(scope["method"], scope["path"])
    if handler is None:
        result = ({"error": "Not found"}, 404)
    else:
        try:
            result = await handler({"params": params, "json": json.loads(body) if body else None})
        except Exception as exc:
            result = ({"error": repr(exc)}, 500)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
