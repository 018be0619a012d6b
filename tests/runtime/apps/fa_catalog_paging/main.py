"""Filters, sorting and paging over a list, with counts and groups."""

from enum import Enum
from typing import List, Optional

from fastapi import FastAPI, HTTPException, Path, Query
from pydantic import BaseModel

app = FastAPI()


class Sort(str, Enum):
    name = "name"
    price = "price"


class Product(BaseModel):
    sku: str
    name: str
    category: str
    price: float
    active: bool = True


catalog: List[Product] = [
    Product(sku="a1", name="Anvil", category="tools", price=55.0),
    Product(sku="b2", name="Bucket", category="home", price=7.5),
    Product(sku="c3", name="Chisel", category="tools", price=12.25, active=False),
]


@app.get("/products")
def search(
    q: Optional[str] = None,
    category: Optional[str] = None,
    max_price: Optional[float] = Query(default=None, ge=0),
    active: bool = True,
    sort: Sort = Sort.name,
    page: int = Query(1, ge=1),
    size: int = Query(2, ge=1, le=100),
):
    found = [p for p in catalog if p.active == active]
    if q:
        found = [p for p in found if q.lower() in p.name.lower()]
    if category:
        found = [p for p in found if p.category == category]
    if max_price is not None:
        found = [p for p in found if p.price <= max_price]
    found.sort(key=lambda p: getattr(p, sort.value))
    start = (page - 1) * size
    return {"total": len(found), "page": page, "items": found[start : start + size]}


@app.get("/categories")
def categories():
    counts = {}
    for product in catalog:
        counts[product.category] = counts.get(product.category, 0) + 1
    return counts


@app.get("/products/{sku}", response_model=Product)
def one(sku: str = Path(min_length=2)):
    for product in catalog:
        if product.sku == sku:
            return product
    raise HTTPException(status_code=404, detail={"error": "not found", "sku": sku})


@app.post("/products", response_model=Product, status_code=201)
def add(product: Product):
    if any(p.sku == product.sku for p in catalog):
        raise HTTPException(status_code=409, detail="sku exists")
    catalog.append(product)
    return product


@app.delete("/products/{sku}")
def remove(sku: str):
    global catalog
    before = len(catalog)
    catalog = [p for p in catalog if p.sku != sku]
    return {"removed": before - len(catalog)}
