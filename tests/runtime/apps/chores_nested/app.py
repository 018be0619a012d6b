"""Nested tables by method and path, arguments by keyword, errors as exceptions."""
import inspect
import json


class HTTPError(Exception):
    def __init__(self, status, message):
        self.status = status
        self.message = message


class CovetApp:
    def __init__(self):
        self._routes = {}

    def route(self, path, methods=None):
        methods = methods or ["GET"]

        def wrapper(fn):
            for method in methods:
                self._routes.setdefault(method.upper(), {})[path] = fn
            return fn

        return wrapper

    def _find(self, method, path):
        table = self._routes.get(method, {})
        if path in table:
            return table[path], {}
        for pattern, fn in table.items():
            p = pattern.split("/")
            q = path.split("/")
            if len(p) == len(q):
                params = {}
                for a, b in zip(p, q):
                    if a[:1] == "<" and a[-1:] == ">":
                        params[a[1:-1]] = b
                    elif a != b:
                        break
                else:
                    return fn, params
        return None, None

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        fn, params = self._find(scope["method"], scope["path"])
        status = 200
        if fn is None:
            status, data = 404, {"detail": "Not Found"}
        else:
            event = await receive()
            raw = event.get("body") or b""
            try:
                result = fn(json.loads(raw) if raw else None, **params)
                if inspect.isawaitable(result):
                    result = await result
                if isinstance(result, tuple):
                    data, status = result
                else:
                    data = result
            except HTTPError as e:
                status, data = e.status, {"detail": e.message}
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": json.dumps(data).encode()})


app = CovetApp()
TASKS = {}
counter = 0


@app.route("/tasks")
def tasks(body):
    return list(TASKS.values())


@app.route("/tasks", methods=["POST"])
async def add(body):
    global counter
    counter += 1
    TASKS[counter] = {"id": counter, "title": body["title"], "done": False}
    return TASKS[counter], 201


@app.route("/tasks/<task_id>")
def one(body, task_id):
    t = TASKS.get(int(task_id))
    if t is None:
        raise HTTPError(404, "no such task")
    return t


@app.route("/tasks/<task_id>", methods=["PUT", "PATCH"])
def change(body, task_id):
    t = TASKS.get(int(task_id))
    if t is None:
        raise HTTPError(404, "no such task")
    t["done"] = bool(body["done"])
    return t
