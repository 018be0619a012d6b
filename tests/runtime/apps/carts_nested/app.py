"""Nested collections: a dict of lists, a dict of dicts of numbers, records with lists of records."""
import json

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


carts = {"ada": [{"sku": "A", "n": 1}], "bo": []}
stock = {1: {10: 3, 11: 0}, 2: {}}
orders = [{"id": 1, "customer": "ada", "lines": [{"sku": "A", "n": 2}], "meta": {"gift": False, "codes": ["X"]}}]


@route("/carts")
def all_carts(request):
    return carts


@route("/carts", "POST")
def add_to_cart(request):
    data = request["json"]
    carts.setdefault(data["who"], []).append({"sku": data["sku"], "n": data.get("n", 1)})
    return carts[data["who"]], 201


@route("/carts", "DELETE")
def drop_cart(request):
    who = request["json"]["who"]
    if who not in carts:
        return {"error": "no cart"}, 404
    del carts[who]
    return {"left": sorted(carts)}


@route("/stock")
def all_stock(request):
    return stock


@route("/stock", "POST")
def set_stock(request):
    data = request["json"]
    shelf = stock.setdefault(data["shelf"], {})
    shelf[data["product"]] = shelf.get(data["product"], 0) + data["delta"]
    return {"shelf": shelf, "total": sum(shelf.values())}


@route("/checkout", "POST")
def checkout(request):
    who = request["json"]["who"]
    if not carts.get(who):
        return {"error": "empty cart"}, 409
    order = {"id": len(orders) + 1, "customer": who, "lines": carts[who], "meta": {"gift": bool(request["json"].get("gift")), "codes": []}}
    orders.append(order)
    carts[who] = []
    return order, 201


@route("/orders")
def list_orders(request):
    return {"orders": orders, "lines": sum(len(o["lines"]) for o in orders)}


@route("/orders/code", "POST")
def add_code(request):
    for order in orders:
        if order["id"] == request["json"]["id"]:
            order["meta"]["codes"].append(request["json"]["code"])
            order["meta"]["gift"] = True
            return order
    return {"error": "no order"}, 404


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
