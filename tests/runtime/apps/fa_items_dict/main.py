"""A dict of Pydantic models with a counter, response models and partial updates."""

from __future__ import annotations

from typing import Dict, List, Optional

from fastapi import FastAPI, HTTPException, Response, status
from pydantic import BaseModel, Field

app = FastAPI()


class ItemBase(BaseModel):
    name: str = Field(min_length=1, max_length=50)
    price: float = Field(gt=0)
    tags: List[str] = []


class ItemUpdate(BaseModel):
    name: Optional[str] = None
    price: Optional[float] = None


class Item(ItemBase):
    id: int
    secret: str = "internal"


class ItemOut(ItemBase):
    id: int


items: Dict[int, Item] = {}
next_id = 1


@app.post("/items", response_model=ItemOut, status_code=status.HTTP_201_CREATED)
def create_item(item: ItemBase, response: Response):
    global next_id
    stored = Item(id=next_id, **item.model_dump())
    items[next_id] = stored
    response.headers["Location"] = f"/items/{next_id}"
    next_id += 1
    return stored


@app.get("/items", response_model=List[ItemOut])
def read_items(min_price: float = 0):
    return [item for item in items.values() if item.price >= min_price]


@app.get("/items/{item_id}", response_model=ItemOut)
def read_item(item_id: int):
    if item_id not in items:
        raise HTTPException(status_code=404, detail="Item not found")
    return items[item_id]


@app.get("/items/{item_id}/full")
def read_full(item_id: int) -> Item:
    item = items.get(item_id)
    if item is None:
        raise HTTPException(status_code=404, detail="Item not found")
    return item


@app.patch("/items/{item_id}", response_model=ItemOut)
def update_item(item_id: int, change: ItemUpdate):
    if item_id not in items:
        raise HTTPException(status_code=404, detail="Item not found")
    stored = items[item_id]
    for field, value in change.model_dump(exclude_unset=True).items():
        setattr(stored, field, value)
    return stored


@app.put("/items/{item_id}", response_model=ItemOut)
def put_item(item_id: int, item: ItemBase):
    if item_id not in items:
        raise HTTPException(status_code=404, detail="Item not found")
    items[item_id] = items[item_id].model_copy(update=item.model_dump())
    return items[item_id]


@app.delete("/items/{item_id}")
def delete_item(item_id: int):
    if item_id not in items:
        raise HTTPException(status_code=404, detail="Item not found")
    removed = items.pop(item_id)
    return {"deleted": removed.name, "left": len(items)}
