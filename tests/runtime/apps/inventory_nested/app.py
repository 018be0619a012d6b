"""Inventory: routes[method][path], add_route(method, path, handler), handlers that take the body."""
import json

routes = {"GET": {}, "POST": {}, "PUT": {}, "DELETE": {}}

warehouses = {"north": {"city": "Oslo", "capacity": 100}, "south": {"city": "Rome", "capacity": 40}}
items = [
    {"sku": "A1", "warehouse": "north", "quantity": 5, "price": 2.5},
    {"sku": "B2", "warehouse": "south", "quantity": 0, "price": 10.0},
    {"sku": "C3", "warehouse": "north", "quantity": 12, "price": 0.99},
]


def add_route(method, path, handler):
    routes[method][path] = handler


def list_items(params, body):
    return 200, {"items": items, "value": round(sum(i["quantity"] * i["price"] for i in items), 2)}


def get_item(params, body):
    item = next(filter(lambda i: i["sku"] == params["sku"], items), None)
    if item is None:
        return 404, {"error": "unknown sku"}
    return 200, item


def put_item(params, body):
    for item in items:
        if item["sku"] == params["sku"]:
            item.update(body)
            return 200, item
    item = {"sku": params["sku"], "warehouse": body["warehouse"], "quantity": body["quantity"], "price": body["price"]}
    items.append(item)
    return 201, item


def delete_item(params, body):
    global items
    before = len(items)
    items = [i for i in items if i["sku"] != params["sku"]]
    if len(items) == before:
        return 404, {"error": "unknown sku"}
    return 200, {"left": len(items)}


def list_warehouses(params, body):
    return 200, {name: {"city": w["city"], "used": sum(i["quantity"] for i in items if i["warehouse"] == name)}
                 for name, w in warehouses.items()}


def post_move(params, body):
    if body["to"] not in warehouses:
        return 400, {"error": "unknown warehouse"}
    moved = 0
    for item in items:
        if item["warehouse"] == body["from"]:
            item["warehouse"] = body["to"]
            moved += 1
    return 200, {"moved": moved}


add_route("GET", "/items", list_items)
add_route("GET", "/items/{sku}", get_item)
add_route("PUT", "/items/{sku}", put_item)
add_route("DELETE", "/items/{sku}", delete_item)
add_route("GET", "/warehouses", list_warehouses)
add_route("POST", "/moves", post_move)


def lookup(method, path):
    table = routes.get(method, {})
    for pattern, handler in table.items():
        want, got = pattern.split("/"), path.split("/")
        if len(want) == len(got) and all(w == g or w[:1] == "{" for w, g in zip(want, got)):
            return handler, {w[1:-1]: g for w, g in zip(want, got) if w[:1] == "{"}
    return None, {}


async def app(scope, receive, send):
    if scope["type"] == "http":
        chunks = []
        while True:
            event = await receive()
            chunks.append(event.get("body", b""))
            if not event.get("more_body"):
                break
        raw = b"".join(chunks)
        handler, params = lookup(scope["method"], scope["path"])
        if handler is None:
            status, payload = 404, {"error": "no route"}
        else:
            try:
                status, payload = handler(params, json.loads(raw) if raw else {})
            except (KeyError, ValueError) as exc:
                status, payload = 400, {"error": str(exc)}
        await send({"type": "http.response.start", "status": status,
                    "headers": [(b"content-type", b"application/json; charset=utf-8")]})
        await send({"type": "http.response.body", "body": json.dumps(payload).encode("utf-8")})
