"""Shop: toys with stock, carts that are nested dicts, orders; counters and totals."""
from datetime import datetime
from typing import Dict, Any
from fastapi import FastAPI, HTTPException, Response, status
from pydantic import BaseModel, Field

app = FastAPI()

toys_db: Dict[int, Dict[str, Any]] = {
    1: {"name": "Train", "price": 25.5, "stock": 4, "tags": ["wood", "wheels"]},
    2: {"name": "Doll", "price": 12.0, "stock": 1, "tags": []},
}
carts: dict[int, dict[int, int]] = {}
orders = {}
cart_counter = 0
stats = {"sold": 0, "added": 0}


class Toy(BaseModel):
    name: str = Field(min_length=1)
    price: float
    stock: int = 0
    tags: list[str] = []


@app.get("/toys")
def toys(min_price: float | None = None, in_stock: bool = False):
    items = [{"id": key, **toy} for key, toy in toys_db.items()]
    if min_price is not None:
        items = [t for t in items if t["price"] >= min_price]
    if in_stock:
        items = list(filter(lambda t: t["stock"] > 0, items))
    return {"toys": items, "total": sum(t["price"] * t["stock"] for t in items)}


@app.post("/toys", status_code=status.HTTP_201_CREATED)
def new_toy(toy: Toy):
    if any(t["name"].lower() == toy.name.lower() for t in toys_db.values()):
        raise HTTPException(status.HTTP_409_CONFLICT, detail="name taken")
    toy_id = max(toys_db.keys(), default=0) + 1
    toys_db[toy_id] = toy.model_dump()
    stats["added"] += 1
    return {"id": toy_id, **toys_db[toy_id]}


@app.patch("/toys/{toy_id}")
def change(toy_id: int, changes: dict):
    if toy_id not in toys_db:
        raise HTTPException(404, "no such toy")
    for key, value in changes.items():
        if key in toys_db[toy_id]:
            toys_db[toy_id][key] = value
    return toys_db[toy_id]


@app.post("/toys/{toy_id}/tags")
def tag(toy_id: int, tag: str):
    toy = toys_db.get(toy_id)
    if not toy:
        raise HTTPException(404, "no such toy")
    if tag not in toy["tags"]:
        toy["tags"].append(tag)
    return toy["tags"]


@app.post("/carts")
def new_cart(response: Response):
    global cart_counter
    cart_counter += 1
    carts[cart_counter] = {}
    response.headers["location"] = f"/carts/{cart_counter}"
    response.status_code = 201
    return {"id": cart_counter}


@app.post("/carts/{cart_id}/toys/{toy_id}")
def put_in(cart_id: int, toy_id: int):
    if cart_id not in carts or toy_id not in toys_db:
        raise HTTPException(status_code=404)
    cart = carts[cart_id]
    cart[toy_id] = cart.get(toy_id, 0) + 1
    return cart


@app.get("/carts/{cart_id}")
def see(cart_id: int):
    if cart_id not in carts:
        raise HTTPException(status_code=404)
    lines = []
    for toy_id, n in carts[cart_id].items():
        toy = toys_db.get(toy_id, {"name": "gone", "price": 0})
        lines.append({"toy": toy["name"], "n": n, "sum": n * toy["price"]})
    return {"lines": lines, "total": sum(line["sum"] for line in lines)}


@app.post("/carts/{cart_id}/order", status_code=201)
def order(cart_id: int):
    cart = carts.pop(cart_id, None)
    if cart is None:
        raise HTTPException(404, "no cart")
    for toy_id, n in cart.items():
        if toys_db[toy_id]["stock"] < n:
            carts[cart_id] = cart
            raise HTTPException(409, f"only {toys_db[toy_id]['stock']} left")
    for toy_id, n in cart.items():
        toys_db[toy_id]["stock"] -= n
        stats["sold"] += n
    number = f"o-{len(orders) + 1:04d}"
    orders[number] = {"number": number, "cart": cart, "at": datetime(2024, 1, 1, 12, 30)}
    return orders[number]


@app.get("/orders/{number}")
def get_order(number: str):
    try:
        return orders[number]
    except KeyError:
        raise HTTPException(404, "no order")


@app.delete("/toys/{toy_id}", status_code=204)
def scrap(toy_id: int):
    if toy_id not in toys_db:
        raise HTTPException(404, "no such toy")
    del toys_db[toy_id]


@app.get("/stats")
def get_stats():
    return stats
