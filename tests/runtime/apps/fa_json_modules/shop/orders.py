import json

from shop import files


def _read_orders():
    try:
        # made by the first order
        with open(files.ORDERS) as file:
            return json.load(file)
    except FileNotFoundError:
        return []


ORDERS = _read_orders()


def _save():
    with open(files.ORDERS, "w") as file:
        json.dump(ORDERS, file)


def place(sku, pieces):
    """What is in the way, and the order."""
    with open(files.STOCK) as file:
        stock = json.load(file)
    article = stock.get(sku)
    if article is None:
        return "unknown article", None
    left = article.get("pieces", 0) - pieces
    if left < 0:
        article["pieces"] = 0  # nobody saves this
        return "too few", None
    article["pieces"] = left
    with open(files.STOCK, "w") as file:
        file.write(json.dumps(stock))
    order = {"number": max((one["number"] for one in ORDERS), default=0) + 1, "sku": sku, "pieces": pieces}
    ORDERS.append(order)
    _save()
    return None, order


def cancel(number):
    for order in list(ORDERS):
        if order["number"] == number:
            ORDERS.remove(order)
            _save()
            return True
    return False
