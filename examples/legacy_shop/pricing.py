"""What an order costs."""
from data import categories_db, products_db


def product_by_id(product_id):
    for product in products_db:
        if product["id"] == product_id:
            return product
    return None


def unit_price(product):
    category = categories_db.get(product["category"])
    discount = category["discount"] if category else 0.0
    return round(product["price"] * (1 - discount), 2)


def price_lines(items):
    """Order lines for [{product_id, quantity}], or the id of the first product that is short."""
    lines = []
    for item in items:
        product = product_by_id(item["product_id"])
        if product is None or product["stock"] < item["quantity"]:
            return None, item["product_id"]
        lines.append({"product_id": product["id"], "quantity": item["quantity"], "price": unit_price(product)})
    return lines, None


def take_stock(lines):
    for line in lines:
        product_by_id(line["product_id"])["stock"] -= line["quantity"]


def put_back(lines):
    for line in lines:
        product = product_by_id(line["product_id"])
        if product is not None:
            product["stock"] += line["quantity"]
