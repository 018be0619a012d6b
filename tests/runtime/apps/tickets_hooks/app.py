"""Tickets: an application class with Route objects and before/after hooks."""
import json
import re
from collections import namedtuple

Route = namedtuple("Route", "method pattern handler")


class App:
    def __init__(self):
        self.routes = []
        self.before = []
        self.after = []

    def route(self, path, methods=("GET",)):
        regex = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "$")

        def decorator(handler):
            for method in methods:
                self.routes.append(Route(method, regex, handler))
            return handler
        return decorator

    def before_request(self, fn):
        self.before.append(fn)
        return fn

    def after_request(self, fn):
        self.after.append(fn)
        return fn

    def dispatch(self, request):
        for hook in self.before:
            early = hook(request)
            if early is not None:
                return early
        for route in self.routes:
            match = route.pattern.match(request["path"])
            if match and route.method == request["method"]:
                request["params"] = match.groupdict()
                return route.handler(request)
        return {"error": "Not found"}, 404

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return
        body = b""
        while True:
            event = await receive()
            body += event.get("body", b"")
            if not event.get("more_body"):
                break
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        request = {"method": scope["method"], "path": scope["path"], "headers": headers,
                   "json": json.loads(body) if body else None}
        out = self.dispatch(request)
        data, status = out if isinstance(out, tuple) else (out, 200)
        for hook in self.after:
            data = hook(request, data) or data
        await send({"type": "http.response.start", "status": status,
                    "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": json.dumps(data).encode()})


app = App()
tickets = {}
next_number = 100


@app.before_request
def check_key(request):
    if request["path"].startswith("/tickets") and request["headers"].get("x-key") != "k1":
        return {"error": "bad key"}, 401


@app.after_request
def stamp(request, data):
    if isinstance(data, dict):
        data.setdefault("served_by", "tickets")
    return data


@app.route("/")
def index(request):
    return {"tickets": len(tickets)}


@app.route("/tickets")
def list_tickets(request):
    return [t for t in tickets.values() if t["state"] != "closed"]


@app.route("/tickets", methods=("POST",))
def open_ticket(request):
    global next_number
    number = next_number
    next_number += 1
    tickets[number] = {"number": number, "subject": request["json"]["subject"], "state": "open", "log": []}
    return dict(tickets[number]), 201


@app.route("/tickets/{number}", methods=["PUT", "PATCH"])
def change_ticket(request):
    ticket = tickets.get(int(request["params"]["number"]))
    if ticket is None:
        return {"error": "no ticket"}, 404
    ticket["log"].append(ticket["state"])
    ticket["state"] = request["json"]["state"]
    return dict(ticket)
