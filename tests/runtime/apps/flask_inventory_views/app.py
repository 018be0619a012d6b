"""Class views over a list of instances."""
from flask import Flask, abort, jsonify, request
from flask.views import MethodView

app = Flask(__name__)


class Item:
    def __init__(self, id, name, quantity, price):
        self.id = id
        self.name = name
        self.quantity = quantity
        self.price = price

    def to_dict(self):
        return {"id": self.id, "name": self.name, "quantity": self.quantity, "price": self.price}


items = [Item(1, "bolt", 100, 0.25), Item(2, "nut", 80, 0.1)]


def item_or_404(item_id):
    item = next((one for one in items if one.id == item_id), None)
    if item is None:
        abort(404, description="item not found")
    return item


class ItemList(MethodView):
    """All items."""

    def get(self):
        return jsonify([item.to_dict() for item in items])

    def post(self):
        data = request.get_json()
        item = Item(len(items) + 1, data["name"], data.get("quantity", 0), float(data.get("price", 0)))
        items.append(item)
        return jsonify(item.to_dict()), 201


class ItemView(MethodView):
    def get(self, item_id):
        return jsonify(item_or_404(item_id).to_dict())

    def put(self, item_id):
        item = item_or_404(item_id)
        data = request.get_json()
        item.name = data.get("name", item.name)
        item.quantity = data.get("quantity", item.quantity)
        return jsonify(item.to_dict())


def value():
    return jsonify(total=sum(item.quantity * item.price for item in items))


item_view = ItemView.as_view("item")
app.add_url_rule("/items", view_func=ItemList.as_view("items"))
app.add_url_rule("/items/<int:item_id>", view_func=item_view, methods=["GET", "PUT"])
app.add_url_rule("/value", "value", value)
