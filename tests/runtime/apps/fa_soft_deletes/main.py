from dataclasses import dataclass, field, asdict
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from uuid import uuid4, UUID
from pydantic import BaseModel
import time

app = FastAPI()


@dataclass
class Item:
    id: int
    name: str
    price: float
    deleted: bool = False
    history: list = field(default_factory=list)


class NewItem(BaseModel):
    name: str
    price: float


class PatchItem(BaseModel):
    name: str | None = None
    price: float | None = None
    model_config = {"extra": "forbid"}


items_storage: dict[int, Item] = {}
sessions = {}
_id = 0


def _next_id() -> int:
    global _id
    _id += 1
    return _id


def _get_or_404(item_id: int) -> Item:
    item = items_storage.get(item_id)
    if item is None or item.deleted:
        raise HTTPException(status_code=404, detail="Item not found")
    return item


@app.post("/item", status_code=201)
async def create(body: NewItem):
    item = Item(id=_next_id(), **body.model_dump())
    items_storage[item.id] = item
    return asdict(item)


@app.get("/item/{item_id}")
async def read(item_id: int):
    return _get_or_404(item_id)


@app.get("/item")
async def read_all(offset: int = 0, limit: int = 10, min_price: float | None = None, show_deleted: bool = False):
    rows = list(items_storage.values())
    if min_price is not None:
        rows = [r for r in rows if r.price >= min_price]
    if not show_deleted:
        rows = [r for r in rows if not r.deleted]
    return rows[offset:offset + limit]


@app.put("/item/{item_id}")
async def put(item_id: int, body: NewItem):
    item = _get_or_404(item_id)
    item.history.append({"name": item.name, "price": item.price})
    item.name, item.price = body.name, body.price
    return item


@app.patch("/item/{item_id}")
async def patch(item_id: int, body: PatchItem):
    item = items_storage.get(item_id)
    if item is None:
        raise HTTPException(404)
    if item.deleted:
        return JSONResponse(None, status_code=304)
    for key, value in body.model_dump(exclude_unset=True).items():
        setattr(item, key, value)
    return item


@app.delete("/item/{item_id}")
async def delete(item_id: int):
    if item_id in items_storage:
        items_storage[item_id].deleted = True
    return {"ok": True}


@app.post("/login")
async def login(user: str):
    token = uuid4().hex
    sessions[token] = {"user": user, "since": time.time()}
    return {"user": user, "logins": sum(1 for s in sessions.values() if s["user"] == user)}


@app.get("/users")
async def users():
    return sorted(set(s["user"] for s in sessions.values()))


@app.post("/reset")
async def reset():
    global _id, sessions
    items_storage.clear()
    sessions = {}
    _id = 0
    return {"items": len(items_storage)}
