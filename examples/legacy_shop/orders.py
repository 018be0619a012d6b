"""Carts and orders."""
import data
from data import carts_db, orders_db, users_db
from pricing import price_lines, put_back, take_stock
from router import route


def find_order(order_id):
    for order in orders_db:
        if order["id"] == order_id:
            return order
    return None


@route("/api/carts/{username}")
def get_cart(request):
    username = request["params"]["username"]
    return {"username": username, "items": carts_db.get(username, [])}


@route("/api/carts/{username}", "PUT")
async def put_cart(request):
    username = request["params"]["username"]
    if not any(u["username"] == username for u in users_db):
        return {"error": "User not found"}, 404
    carts_db[username] = request["json"]["items"]
    return {"username": username, "items": carts_db[username]}


@route("/api/carts/{username}", "DELETE")
def empty_cart(request):
    carts_db.pop(request["params"]["username"], None)
    return None, 204


@route("/api/orders")
def list_orders(request):
    status = request["query"].get("status")
    if status:
        return {"orders": [o for o in orders_db if o["status"] == status]}
    return {"orders": orders_db}


@route("/api/orders/{order_id}")
def get_order(request):
    order = find_order(int(request["params"]["order_id"]))
    return order if order else ({"error": "Order not found"}, 404)


@route("/api/orders", "POST")
async def place_order(request):
    body = request["json"]
    if not body or not body.get("items"):
        return {"error": "An order needs items"}, 400
    user = next((u for u in users_db if u["id"] == body["user_id"]), None)
    if user is None or not user["active"]:
        return {"error": "Unknown or inactive user"}, 403
    lines, short = price_lines(body["items"])
    if lines is None:
        return {"error": "Out of stock", "product_id": short}, 409
    take_stock(lines)
    order = {
        "id": data.next_order_id,
        "user_id": user["id"],
        "status": "pending",
        "total": round(sum(line["price"] * line["quantity"] for line in lines), 2),
        "note": body.get("note"),
        "lines": lines,
    }
    data.next_order_id += 1
    orders_db.append(order)
    return order, 201


@route("/api/orders/{order_id}/cancel", "POST")
def cancel_order(request):
    order = find_order(int(request["params"]["order_id"]))
    if order is None:
        return {"error": "Order not found"}, 404
    if order["status"] != "pending":
        return {"error": f"A {order['status']} order cannot be cancelled"}, 409
    order["status"] = "cancelled"
    put_back(order["lines"])
    return order


@route("/api/stats")
async def stats(request):
    by_status = {}
    for order in orders_db:
        by_status[order["status"]] = by_status.get(order["status"], 0) + 1
    revenue = sum(o["total"] for o in orders_db if o["status"] in ("shipped", "delivered"))
    return {"orders": len(orders_db), "by_status": by_status, "revenue": round(revenue, 2),
            "customers": len([u for u in users_db if u["role"] == "customer"])}
