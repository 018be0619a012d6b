"""Votes: rebinding with global, clear and reset, counters, aggregates, a helper that takes the store."""
import itertools
import json

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


polls = [{"id": 1, "question": "Tea?", "open": True}, {"id": 2, "question": "Cats?", "open": False}]
votes = [{"id": 1, "poll_id": 1, "choice": "yes", "weight": 1}, {"id": 2, "poll_id": 1, "choice": "no", "weight": 2}]
poll_ids = itertools.count(3)
vote_count = 2


def by_id(rows, row_id):
    for row in rows:
        if row["id"] == row_id:
            return row
    return None


def tally(poll_id):
    result = {"yes": 0, "no": 0}
    for vote in votes:
        if vote["poll_id"] == poll_id:
            result[vote["choice"]] = result.get(vote["choice"], 0) + vote["weight"]
    return result


@route("/polls")
def list_polls(request):
    return {"polls": [{**p, "votes": len([v for v in votes if v["poll_id"] == p["id"]])} for p in polls]}


@route("/polls", "POST")
def create_poll(request):
    poll = {"id": next(poll_ids), "question": request["json"]["question"], "open": True}
    polls.append(poll)
    return poll, 201


@route("/votes", "POST")
def vote(request):
    global vote_count
    data = request["json"]
    poll = by_id(polls, data["poll_id"])
    if poll is None or not poll["open"]:
        return {"error": "closed"}, 409
    vote_count += 1
    votes.append({"id": vote_count, "poll_id": poll["id"], "choice": data["choice"], "weight": data.get("weight", 1)})
    return tally(poll["id"]), 201


@route("/votes", "DELETE")
def withdraw(request):
    global votes
    votes = [v for v in votes if v["id"] != request["json"]["id"]]
    return {"left": len(votes)}


@route("/results")
def results(request):
    if not votes:
        return {"empty": True}
    return {
        "max": max(v["weight"] for v in votes),
        "min": min(v["weight"] for v in votes),
        "sum": sum(v["weight"] for v in votes),
        "any_no": any(v["choice"] == "no" for v in votes),
        "all_light": all(v["weight"] < 5 for v in votes),
        "per_poll": {p["question"]: tally(p["id"]) for p in polls},
    }


@route("/reset", "POST")
def reset(request):
    global polls, vote_count
    polls = [p for p in polls if p["open"]]
    votes.clear()
    vote_count = 0
    return {"polls": len(polls)}


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
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
