from typing import List

from pydantic import BaseModel


class ProductIn(BaseModel):
    name: str
    price: float
    stock: int = 0


class Product(ProductIn):
    id: int


class OrderIn(BaseModel):
    product_id: int
    quantity: int


class OrderPage(BaseModel):
    total: int
    orders: List[dict]
