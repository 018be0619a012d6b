# routers, groups, middleware callable, on_event, include_router prefix
from covet import CovetPy, CovetRouter, RouteGroup, Request, Response, json_response, html_response
from covet.core.exceptions import HTTPException
import time

app = CovetPy()
inventory = {}
orders = []
stats = {"hits": 0}


@app.on_event("startup")
async def seed():
    for n, name in enumerate(["Lamp", "Desk", "Chair"], start=1):
        inventory[n] = {"id": n, "name": name, "price": 10.5 * n, "stock": 5}


async def timing(request, call_next):
    start = time.time()
    request.started = start
    response = await call_next(request)
    response.headers["X-App"] = "shop"
    return response

app.add_middleware(timing)

api = CovetRouter()


@api.route("/items", methods=["GET"])
async def list_items(request):
    limit = int(request.query.get("limit", "10"))
    name = request.query.get("name")
    rows = list(inventory.values())
    if name:
        rows = [r for r in rows if name.lower() in r["name"].lower()]
    return {"items": rows[:limit], "total": len(rows)}


@api.route("/items/<int:item_id>", methods=["GET"])
async def get_item(request, item_id):
    item = inventory.get(item_id)
    if item is None:
        raise HTTPException(status_code=404, detail="Item not found")
    return item


@api.post("/items")
async def add_item(request):
    data = await request.json()
    if not data.get("name"):
        return {"error": "name required"}, 400
    new_id = max(inventory.keys(), default=0) + 1
    inventory[new_id] = {"id": new_id, "name": data["name"], "price": float(data.get("price", 0)), "stock": int(data.get("stock", 0))}
    return json_response(inventory[new_id], status_code=201)


@api.put("/items/<int:item_id>")
async def edit_item(request, item_id):
    if item_id not in inventory:
        return json_response({"error": "Item not found"}, 404)
    data = await request.json()
    inventory[item_id].update({k: v for k, v in data.items() if k in ("name", "price", "stock")})
    return inventory[item_id]


@api.delete("/items/<int:item_id>")
async def remove(request, item_id):
    if inventory.pop(item_id, None) is None:
        return Response({"error": "Item not found"}, status_code=404)
    return None


app.include_router(api, prefix="/api")

admin = RouteGroup("/admin")


@admin.post("/orders")
async def place(request):
    data = await request.json()
    item = inventory.get(data["item_id"])
    if not item or item["stock"] < data["qty"]:
        return {"error": "out of stock"}, 409
    item["stock"] -= data["qty"]
    order = {"id": len(orders) + 1, "item_id": item["id"], "qty": data["qty"], "total": item["price"] * data["qty"]}
    orders.append(order)
    return order, 201


@admin.get("/orders")
def list_orders(request):
    return orders


admin.include_in_router(app.router)


@app.get("/")
async def home(request):
    return html_response("<h1>Shop</h1>")


@app.get("/ping")
async def ping(request):
    return "pong"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000, debug=True)
