"""Zero-argument handlers, manual registration, one route by prefix."""
import json

import store
from store import books_db, fines_db, members_db

ROUTES = {}
current = {}


def route(path, method="GET"):
    def wrap(fn):
        ROUTES[(method, path)] = fn
        return fn
    return wrap


def register_route_manually(path, method, handler):
    ROUTES[(method, path)] = handler


@route("/books")
def all_books():
    return list(books_db.values())


@route("/books", "POST")
def new_book():
    body = current["body"]
    return 201, store.add_book(body["title"], body.get("year"))


@route("/members")
def all_members():
    return members_db


@route("/members", method="PUT")
def put_member():
    body = current["body"]
    members_db[body["login"]] = {"name": body["name"], "age": body.get("age"), "loans": []}
    return 200, members_db[body["login"]]


@route("/lend", "POST")
def lend():
    body = current["body"]
    member = members_db.get(body["login"])
    if member is None:
        return 404, {"error": "no such member"}
    book = books_db.get(body["book_id"])
    if book is None or not book["available"]:
        return 409, {"error": "not available"}
    book["available"] = False
    member["loans"].append(book["id"])
    fines_db[body["login"]] = fines_db.get(body["login"], 0) + 1
    return 200, {"login": body["login"], "loans": member["loans"]}


def one_book(book_id):
    if book_id not in books_db:
        return 404, {"error": "no such book"}
    return 200, books_db[book_id]


def scrap_book(book_id):
    book = books_db.pop(book_id, None)
    if book is None:
        return 404, {"error": "no such book"}
    return 204, None


register_route_manually("/fines", "GET", lambda: fines_db)
register_route_manually("/count", "GET", lambda: {"books": len(books_db), "members": len(members_db)})


async def application(scope, receive, send):
    if scope["type"] != "http":
        return
    message = await receive()
    current["body"] = json.loads(message["body"]) if message.get("body") else None
    method, path = scope["method"], scope["path"]
    fn = ROUTES.get((method, path))
    if fn is not None:
        out = fn()
    elif path.startswith("/books/") and method == "GET":
        out = one_book(int(path.rsplit("/", 1)[1]))
    elif path.startswith("/books/") and method == "DELETE":
        out = scrap_book(int(path.rsplit("/", 1)[1]))
    else:
        out = 404, {"error": "not found"}
    status, data = out if isinstance(out, tuple) else (200, out)
    await send({"type": "http.response.start", "status": status,
                "headers": [[b"content-type", b"application/json"]]})
    await send({"type": "http.response.body", "body": b"" if data is None else json.dumps(data).encode()})
