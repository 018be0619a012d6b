from collections import defaultdict

from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

prices = {"lamp": 24.5, "hub": 19.9}
carts = {}
visits = defaultdict(int)
history = defaultdict(list)


@app.get("/carts")
async def all_carts(request: Request):
    return carts


@app.get("/carts/{cart_id}")
async def cart(request: Request, cart_id: str):
    content = carts.get(cart_id, {"items": [], "open": True})
    total = sum(prices[i["name"]] * i["count"] for i in content["items"] if i["name"] in prices)
    return {"cart": content, "total": round(total, 2)}


@app.post("/carts/{cart_id}/items/{name}")
async def add_item(request: Request, cart_id: str, name: str):
    if name not in prices:
        return Response({"error": "no such item"}, 404)
    content = carts.setdefault(cart_id, {"items": [], "open": True})
    for item in content["items"]:
        if item["name"] == name:
            item["count"] += 1
            break
    else:
        content["items"].append({"name": name, "count": 1})
    history[cart_id].append(name)
    return Response(content, 201)


@app.delete("/carts/{cart_id}")
async def close(request: Request, cart_id: str):
    if cart_id in carts:
        carts[cart_id]["open"] = False
        del carts[cart_id]["items"][:]
    return carts.get(cart_id)


@app.get("/history/{cart_id}")
async def show_history(request: Request, cart_id: str):
    visits[cart_id] += 1
    return {"visits": visits[cart_id], "names": history[cart_id], "known": sorted(visits)}


@app.put("/prices/{name}")
async def price(request: Request, name: str):
    prices[name] = round(prices.get(name, 0.5) * 2, 2)
    return prices
