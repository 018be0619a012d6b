import store as data
from store import sales

filters = {"all": lambda p: True, "left": lambda p: p["stock"] > 0}


class OutOfStock(Exception):
    pass


def find(product_id):
    for product in data.products:
        if product["id"] == product_id:
            return product
    raise LookupError(product_id)


def listing(kind):
    return list(filter(filters.get(kind, filters["all"]), data.products))


def sell(product_id, count=1):
    product = find(product_id)
    sales.append({"product": product["name"], "count": count})
    if product["stock"] < count:
        raise OutOfStock(product["name"])  # the sale above stays, as it always did
    product["stock"] -= count
    return product


def report():
    totals = {}
    for sale in sales:
        totals[sale["product"]] = totals.get(sale["product"], 0) + sale["count"]
    return totals
