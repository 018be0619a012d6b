"""Tasks: an application class of its own with string-keyed routes, a dict store and a counter."""
import asyncio
import json


class MiniCovet:
    def __init__(self):
        self.routes = {}

    def _add(self, verb, path):
        def deco(handler):
            self.routes[f"{verb}:{path}"] = handler
            return handler
        return deco

    def get(self, path):
        return self._add("GET", path)

    def post(self, path):
        return self._add("POST", path)

    def delete(self, path):
        return self._add("DELETE", path)

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        event = await receive()
        raw = event.get("body", b"")
        req = {"verb": scope["method"], "path": scope["path"], "json": json.loads(raw) if raw else None}
        handler = self.routes.get(f"{scope['method']}:{scope['path']}")
        out = {"error": "Not found"}, 404
        if handler:
            out = handler(req)
            if asyncio.iscoroutine(out):
                out = await out
        data, status = out if isinstance(out, tuple) else (out, 200)
        await send({"type": "http.response.start", "status": status,
                    "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": json.dumps(data, default=str).encode()})


app = MiniCovet()
tasks, counter = {}, 0


@app.get("/tasks")
def list_tasks(req):
    return {"tasks": list(tasks.values()), "count": len(tasks)}


@app.post("/tasks")
async def create_task(req):
    global counter
    counter += 1
    tasks[counter] = {"id": counter, "title": req["json"].get("title", "Untitled"), "done": False}
    return {"created": True, "task": tasks[counter]}, 201


@app.post("/tasks/finish")
async def finish_task(req):
    task_id = req["json"]["id"]
    if task_id in tasks:
        tasks[task_id]["done"] = True
        return tasks[task_id]
    return {"error": "no such task"}, 404


@app.delete("/tasks")
def clear_tasks(req):
    dropped = len(tasks)
    tasks.clear()
    return {"dropped": dropped}


@app.get("/stats")
async def stats(req):
    done = sum(1 for t in tasks.values() if t["done"])
    return {"total": counter, "open": len(tasks) - done, "done": done, "any": bool(tasks)}
