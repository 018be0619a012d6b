"""A shop whose modules share two JSON files."""

from fastapi import FastAPI, HTTPException

from shop import orders, stock

app = FastAPI()


@app.get("/stock")
async def list_stock():
    return stock.everything()


@app.get("/stock/{sku}")
async def one_article(sku: str):
    article = stock.find(sku)
    if article is None:
        raise HTTPException(status_code=404, detail="unknown article")
    return article


@app.put("/stock/{sku}")
async def put_article(sku: str, article: dict):
    return stock.put(sku, article)


@app.get("/orders")
async def list_orders(sku: str = ""):
    return [order for order in orders.ORDERS if not sku or order["sku"] == sku]


@app.post("/orders", status_code=201)
async def order(wanted: dict):
    sku, pieces = str(wanted.get("sku")), wanted.get("pieces")
    if type(pieces) is not int or not 0 < pieces < 1000:
        raise HTTPException(status_code=400, detail="pieces is a number")
    problem, placed = orders.place(sku, pieces)
    if problem:
        raise HTTPException(status_code=409, detail=problem)
    return placed


@app.delete("/orders/{number}")
async def cancel(number: int):
    if not orders.cancel(number):
        raise HTTPException(status_code=404, detail="no such order")
    return {"orders": len(orders.ORDERS)}
