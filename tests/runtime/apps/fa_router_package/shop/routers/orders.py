from fastapi import APIRouter, HTTPException

from ..database import fake_orders_db, fake_products_db
from ..schemas import OrderIn, OrderPage

router = APIRouter(prefix="/orders")


def find_product(product_id: int):
    for product in fake_products_db:
        if product["id"] == product_id:
            return product
    return None


@router.get("", response_model=OrderPage)
def list_orders():
    return {"total": len(fake_orders_db), "orders": list(fake_orders_db.values())}


@router.post("", status_code=201)
def place_order(order: OrderIn):
    product = find_product(order.product_id)
    if product is None:
        raise HTTPException(status_code=404, detail="Product not found")
    if product["stock"] < order.quantity:
        raise HTTPException(status_code=409, detail="Out of stock")
    product["stock"] -= order.quantity
    order_id = max(fake_orders_db, default=0) + 1
    fake_orders_db[order_id] = {
        "id": order_id,
        "product_id": order.product_id,
        "quantity": order.quantity,
        "total": product["price"] * order.quantity,
    }
    return fake_orders_db[order_id]


@router.get("/{order_id}")
def read_order(order_id: int):
    try:
        return fake_orders_db[order_id]
    except KeyError:
        raise HTTPException(status_code=404, detail=f"Order {order_id} not found")


@router.delete("/{order_id}", status_code=204)
def cancel_order(order_id: int):
    order = fake_orders_db.pop(order_id, None)
    if order is None:
        raise HTTPException(status_code=404, detail=f"Order {order_id} not found")
    product = find_product(order["product_id"])
    if product:
        product["stock"] += order["quantity"]
