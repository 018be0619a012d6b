from typing import List

from fastapi import APIRouter, HTTPException, Query

from ..database import fake_products_db
from ..schemas import Product, ProductIn

router = APIRouter(prefix="/products", tags=["products"])


@router.get("/", response_model=List[Product])
async def list_products(skip: int = 0, limit: int = Query(10, ge=1, le=50)):
    return fake_products_db[skip : skip + limit]


@router.get("/{product_id}", response_model=Product)
async def read_product(product_id: int):
    product = next((p for p in fake_products_db if p["id"] == product_id), None)
    if product is None:
        raise HTTPException(status_code=404, detail="Product not found")
    return product


@router.post("/", response_model=Product, status_code=201)
async def create_product(product: ProductIn):
    new = product.model_dump()
    new["id"] = len(fake_products_db) + 1
    fake_products_db.append(new)
    return new
