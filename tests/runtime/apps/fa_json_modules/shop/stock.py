import json

from shop.files import STOCK


def everything():
    with open(STOCK, encoding="utf-8") as file:
        return json.load(file)


def find(sku):
    return everything().get(sku)


def put(sku, article):
    articles = everything()
    articles[sku] = article
    with open(STOCK, "w", encoding="utf-8") as file:
        json.dump(articles, file, indent=2)
    return articles[sku]
