"""Products, categories and reviews."""
from data import categories_db, products_db, reviews_db
from router import route


def find_product(product_id):
    return next((p for p in products_db if p["id"] == product_id), None)


@route("/api/categories")
def list_categories(request):
    return categories_db


@route("/api/categories/{slug}")
def get_category(request):
    slug = request["params"]["slug"]
    if slug not in categories_db:
        return {"error": "No such category"}, 404
    category = categories_db[slug]
    items = [p for p in products_db if p["category"] == slug]
    return {"slug": slug, "title": category["title"], "discount": category["discount"], "products": len(items)}


@route("/api/products")
def list_products(request):
    query = request["query"]
    rows = products_db
    if "category" in query:
        rows = [p for p in rows if p["category"] == query["category"]]
    if "max_price" in query:
        limit = float(query["max_price"])
        rows = [p for p in rows if p["price"] <= limit]
    if query.get("in_stock") == "true":
        rows = [p for p in rows if p["stock"] > 0]
    if query.get("sort") == "price":
        rows = sorted(rows, key=lambda p: p["price"])
    page = int(query.get("page", "1"))
    size = int(query.get("size", "50"))
    return {"products": rows[(page - 1) * size:page * size], "total": len(rows), "page": page}


@route("/api/products/{product_id}")
async def get_product(request):
    product = find_product(int(request["params"]["product_id"]))
    if product is None:
        return {"error": "Product not found"}, 404
    return product


@route("/api/products", "POST")
async def create_product(request):
    data = request["json"] or {}
    missing = [name for name in ("sku", "name", "price") if name not in data]
    if missing:
        return {"error": "Missing fields", "fields": missing}, 400
    if any(p["sku"] == data["sku"] for p in products_db):
        return {"error": "SKU already exists"}, 409
    product = {
        "id": max((p["id"] for p in products_db), default=0) + 1,
        "sku": data["sku"],
        "name": data["name"],
        "category": data.get("category", "kitchen"),
        "price": data["price"],
        "stock": data.get("stock", 0),
        "tags": data.get("tags", []),
    }
    products_db.append(product)
    return product, 201


@route("/api/products/{product_id}", "PUT")
async def update_product(request):
    product = find_product(int(request["params"]["product_id"]))
    if product is None:
        return {"error": "Product not found"}, 404
    data = request["json"] or {}
    for field in ("name", "price", "stock", "category", "tags"):
        if field in data:
            product[field] = data[field]
    return product


@route("/api/products/{product_id}", "DELETE")
def delete_product(request):
    product = find_product(int(request["params"]["product_id"]))
    if product is None:
        return {"error": "Product not found"}, 404
    products_db.remove(product)
    reviews_db[:] = [r for r in reviews_db if r["product_id"] != product["id"]]
    return {"deleted": product["id"]}


@route("/api/products/{product_id}/reviews")
def list_reviews(request):
    product_id = int(request["params"]["product_id"])
    found = []
    for review in reviews_db:
        if review["product_id"] == product_id:
            found.append(review)
    average = round(sum(r["stars"] for r in found) / len(found), 2) if found else None
    return {"reviews": found, "count": len(found), "average": average}


@route("/api/products/{product_id}/reviews", "POST")
def add_review(request):
    product_id = int(request["params"]["product_id"])
    if find_product(product_id) is None:
        return {"error": "Product not found"}, 404
    data = request["json"] or {}
    stars = data.get("stars")
    if not isinstance(stars, int) or not 1 <= stars <= 5:
        return {"error": "stars must be 1 to 5"}, 400
    review = {"id": reviews_db[-1]["id"] + 1 if reviews_db else 1, "product_id": product_id,
              "user_id": data.get("user_id", 1), "stars": stars, "text": data.get("text", "")}
    reviews_db.append(review)
    return review, 201
