"""Parking: a set, a set of tuples' keys, list positions, a queue and counters in a dict."""
import json
from collections import deque

routes = {}


def route(method, path):
    def keep(function):
        routes[f"{method} {path}"] = function
        return function

    return keep


permits = {"AB-1", "CD-2"}
spots = [None, "AB-1", None, None]
waiting = deque()
counts = {"in": 1, "out": 0, "refused": 0}
history = []


@route("GET", "/spots")
def list_spots(request):
    return {"spots": spots, "free": spots.count(None)}


@route("POST", "/spots")
def park(request):
    plate = request["json"]["plate"]
    if plate not in permits:
        counts["refused"] += 1
        return {"error": "no permit"}, 403
    if plate in spots:
        return {"error": "parked", "at": spots.index(plate)}, 409
    if None not in spots:
        waiting.append(plate)
        return {"waiting": len(waiting)}, 202
    position = spots.index(None)
    spots[position] = plate
    counts["in"] += 1
    history.append({"plate": plate, "spot": position, "what": "in"})
    return {"spot": position}, 201


@route("DELETE", "/spots")
def leave(request):
    try:
        position = spots.index(request["json"]["plate"])
    except ValueError:
        return {"error": "not here"}, 404
    spots[position] = waiting.popleft() if waiting else None
    counts["out"] += 1
    history.insert(0, {"plate": request["json"]["plate"], "spot": position, "what": "out"})
    return {"left": position, "next": spots[position]}


@route("POST", "/permits")
def permit(request):
    before = len(permits)
    permits.update(str(plate) for plate in list(request["json"]["plates"]))
    return {"added": len(permits) - before, "all": sorted(permits)}, 201


@route("DELETE", "/permits")
def forbid(request):
    permits.remove(request["json"]["plate"])
    return {"all": sorted(permits, reverse=True)}


@route("GET", "/history")
def show_history(request):
    wanted = request["query"].get("plate")
    page = int(request["query"].get("page", "1"))
    rows = [row for row in history if not wanted or row["plate"] == wanted]
    return {"total": len(rows), "rows": rows[(page - 1) * 2:page * 2], "counts": counts}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    more = True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    handler = routes.get(scope["method"] + " " + scope["path"])
    query = dict(pair.split("=", 1) for pair in scope["query_string"].decode().split("&") if "=" in pair)
    if handler is None:
        answer, status = {"error": "unknown"}, 404
    else:
        try:
            answer = handler({"json": json.loads(body) if body else {}, "query": query})
            answer, status = answer if isinstance(answer, tuple) else (answer, 200)
        except (KeyError, ValueError, TypeError) as error:
            answer, status = {"error": type(error).__name__}, 400
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
