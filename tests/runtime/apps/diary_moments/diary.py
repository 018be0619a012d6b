"""A diary: dates, times and decimals in the store, written to JSON with default=str."""
import json
from datetime import date, datetime, timedelta
from decimal import Decimal

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


START = datetime(2024, 1, 1, 8, 30)
entries = [
    {"id": 1, "at": START, "day": date(2024, 1, 1), "text": "first", "spent": Decimal("12.50"), "mood": 0.5},
    {"id": 2, "at": START + timedelta(days=1, hours=2), "day": date(2024, 1, 2), "text": "second", "spent": Decimal("0.10"), "mood": -1.0},
]


@route("/entries")
def list_entries(request):
    return {"entries": entries, "spent": sum(e["spent"] for e in entries)}


@route("/entries", "POST")
def write(request):
    data = request["json"]
    entry = {"id": entries[-1]["id"] + 1, "at": datetime.fromisoformat(data["at"]), "day": date.fromisoformat(data["at"][:10]),
             "text": data["text"], "spent": Decimal(data.get("spent", "0")), "mood": data.get("mood", 0.0)}
    entries.append(entry)
    return entry, 201


@route("/entries/late")
def late(request):
    return [e["id"] for e in entries if e["at"].hour >= 10 and e["day"] > date(2024, 1, 1)]


@route("/span")
def span(request):
    first, last = min(e["at"] for e in entries), max(e["at"] for e in entries)
    return {"first": first, "last": last, "days": (last - first).days}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    func = routes.get((scope["method"], scope["path"]))
    if func is None:
        result = ({"error": "Not found"}, 404)
    else:
        try:
            result = func({"json": json.loads(body) if body else None})
        except Exception as exc:
            result = ({"error": str(exc)}, 500)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload, default=str).encode()})
