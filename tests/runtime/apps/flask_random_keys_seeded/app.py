import uuid
from datetime import datetime

from flask import Flask, jsonify, request

app = Flask(__name__)

products = {}
orders = {}


def new_product(name, price, stock):
    pid = str(uuid.uuid4())
    products[pid] = {"id": pid, "name": name, "price": price, "stock": stock, "created": datetime.utcnow().isoformat()}
    return products[pid]


def new_order(pid, qty):
    if pid not in products:
        raise KeyError(pid)
    product = products[pid]
    if product["stock"] < qty:
        raise ValueError("out of stock")
    product["stock"] -= qty
    number = str(uuid.uuid4())
    orders[number] = {"number": number, "product": pid, "qty": qty, "total": product["price"] * qty, "status": "new"}
    return number


def _seed():
    lamp = new_product("Lamp", 20.5, 10)
    desk = new_product("Desk", 120.0, 3)
    first = new_order(lamp["id"], 2)
    new_order(desk["id"], 1)
    orders[first]["status"] = "paid"


_seed()


@app.route("/stock")
def stock():
    return jsonify({p["name"]: p["stock"] for p in products.values()})


@app.route("/orders", methods=["GET", "POST"])
def all_orders():
    if request.method == "POST":
        data = request.get_json(force=True)
        pid = next((p["id"] for p in products.values() if p["name"] == data.get("name")), None)
        try:
            order = orders[new_order(pid, data.get("qty", 1))]
        except KeyError:
            return jsonify({"error": "no such product"}), 404
        except ValueError as e:
            return jsonify({"error": str(e)}), 409
        return jsonify({"qty": order["qty"], "total": order["total"]}), 201
    return jsonify([{"of": products[o["product"]]["name"], "qty": o["qty"], "status": o["status"]} for o in orders.values()])


@app.route("/pay", methods=["POST"])
def pay():
    for order in orders.values():
        if order["status"] == "new":
            order["status"] = "paid"
            return jsonify({"paid": order["total"]})
    return jsonify({"error": "nothing to pay"}), 404


if __name__ == "__main__":
    app.run(debug=True)
