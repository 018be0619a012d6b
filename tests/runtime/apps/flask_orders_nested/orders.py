"""Orders with lines inside; every kind of path part, several routes on one handler."""
import uuid

from flask import Flask, jsonify, request

app = Flask(__name__)

orders = {
    "A-1": {"customer": "ada", "lines": [{"sku": "tea", "count": 2, "price": 3.5}], "address": {"city": "Bath", "zip": "BA1"}},
    "A-2": {"customer": "bob", "lines": [], "address": {"city": "York", "zip": "YO1"}},
}
files = {"docs/readme.txt": "read me"}
tokens = {}


def total(order):
    return sum(line["count"] * line["price"] for line in order["lines"])


@app.route("/orders/", methods=["GET", "POST"])
def all_orders():
    if request.method == "POST":
        data = request.get_json(force=True)
        number = "A-%d" % (len(orders) + 1)
        orders[number] = {"customer": data["customer"], "lines": data.get("lines", []), "address": data.get("address", {"city": "", "zip": ""})}
        return jsonify(dict(orders[number], number=number)), 201
    return jsonify({number: total(order) for number, order in orders.items()})


@app.route("/orders/<number>")
@app.route("/order/<number>/")
def one_order(number):
    if number not in orders:
        return jsonify(message="unknown order"), 404
    return jsonify(orders[number], total(orders[number]))


@app.route("/orders/<number>/lines", methods=["POST"])
def add_line(number):
    if number not in orders:
        return jsonify(message="unknown order"), 404
    line = request.get_json()
    orders[number]["lines"].append({"sku": line["sku"], "count": line.get("count", 1), "price": line.get("price", 0.5)})
    return jsonify(orders[number])


@app.route("/orders/latest")
def latest():
    return jsonify(list(orders)[-1])


@app.route("/cheaper/<float:limit>")
def cheaper(limit):
    return jsonify([number for number, order in orders.items() if total(order) < limit])


@app.route("/files/<path:name>")
def file(name):
    text = files.get(name)
    if text is None:
        return "no such file", 404
    return text


@app.route("/tokens/<uuid:token>", methods=["PUT", "GET"])
def token(token):
    if request.method == "PUT":
        tokens.setdefault(str(token), {"uses": 0})
        tokens[str(token)]["uses"] += 1
    if str(token) not in tokens:
        return {"error": "unknown"}, 404
    return {"token": token, "version": token.version, **tokens[str(token)]}


@app.route("/page")
@app.route("/page/<int:number>")
def page(number=1):
    return jsonify(number=number, orders=list(orders)[number - 1:number])
