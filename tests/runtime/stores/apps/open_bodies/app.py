from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

orders = []
profiles = {"root": {"theme": "dark"}}


@app.get("/orders")
async def list_orders(request: Request):
    return orders


@app.post("/orders")
async def add_order(request: Request):
    data = await request.json()
    if not isinstance(data, dict):
        return Response({"error": "object expected"}, 400)
    orders.append(data)
    return Response({"stored": data, "count": len(orders)}, 201)


@app.get("/orders/{index}")
async def at(request: Request, index: str):
    try:
        return orders[int(index)]
    except (IndexError, ValueError):
        return Response({"error": "no order"}, 404)


@app.put("/orders/{index}")
async def change(request: Request, index: str):
    data = await request.json()
    if not isinstance(data, dict) or not index.isdigit() or int(index) >= len(orders):
        return Response({"error": "no order"}, 404)
    orders[int(index)].update(data)
    return orders[int(index)]


@app.delete("/orders/{index}")
async def drop(request: Request, index: str):
    if index.isdigit() and int(index) < len(orders):
        return orders.pop(int(index))
    return Response({"error": "no order"}, 404)


@app.get("/profiles")
async def show(request: Request):
    return profiles


@app.put("/profiles/{name}")
async def put(request: Request, name: str):
    data = await request.json()
    if not isinstance(data, dict):
        return Response({"error": "object expected"}, 400)
    profiles.setdefault(name, {}).update(data)
    return profiles[name]
