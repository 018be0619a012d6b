"""Accounts: logins with salted hashes, bearer tokens kept in a module dict, a log that grows."""
import hashlib
import json
import secrets
import time

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


def hashed(password, salt="s4lt"):
    return hashlib.sha256((salt + password).encode()).hexdigest()


accounts = {
    "ada": {"password": hashed("lovelace"), "balance": 120, "limit": None, "roles": ["admin"]},
    "bo": {"password": hashed("peep"), "balance": -5, "limit": 50, "roles": []},
}
tokens = {}
log = []


def current_user(request):
    header = request["headers"].get("authorization", "")
    return tokens.get(header[7:]) if header.startswith("Bearer ") else None


def note(kind, **fields):
    log.append({"n": len(log) + 1, "kind": kind, "time": time.time(), **fields})


@route("/login", "POST")
def login(request):
    name, password = request["json"]["name"], request["json"]["password"]
    if name not in accounts or accounts[name]["password"] != hashed(password):
        note("denied", name=name)
        return {"error": "wrong name or password"}, 401
    token = secrets.token_hex(16)
    tokens[token] = name
    note("login", name=name)
    return {"token": token}


@route("/signup", "POST")
def signup(request):
    data = request["json"]
    if data["name"] in accounts:
        return {"error": "taken"}, 409
    accounts[data["name"]] = {"password": hashed(data["password"]), "balance": 0, "limit": data.get("limit"), "roles": []}
    return {"name": data["name"], "balance": 0}, 201


@route("/accounts")
def list_accounts(request):
    return {name: {k: v for k, v in a.items() if k != "password"} for name, a in accounts.items()}


@route("/transfer", "POST")
def transfer(request):
    data = request["json"]
    if data["from"] not in accounts or data["to"] not in accounts:
        return {"error": "no such account"}, 404
    if data["amount"] <= 0:
        raise ValueError("amount must be positive")
    accounts[data["from"]]["balance"] -= data["amount"]
    if accounts[data["from"]]["balance"] < -(accounts[data["from"]]["limit"] or 0):
        accounts[data["from"]]["balance"] += data["amount"]
        return {"error": "over the limit"}, 409
    accounts[data["to"]]["balance"] += data["amount"]
    note("transfer", amount=data["amount"])
    return {"balance": accounts[data["from"]]["balance"]}


@route("/me")
def me(request):
    name = current_user(request)
    if name is None:
        return {"error": "login first"}, 401
    return {"name": name, "balance": accounts[name]["balance"]}


@route("/log")
def read_log(request):
    return log[-20:]


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
        headers = {k.decode().lower(): v.decode() for k, v in scope["headers"]}
        try:
            result = func({"headers": headers, "json": json.loads(body) if body else None})
        except Exception as exc:
            result = ({"error": f"{type(exc).__name__}: {exc}"}, 500)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
