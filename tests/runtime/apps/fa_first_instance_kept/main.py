from typing import List, Optional
from fastapi import FastAPI, HTTPException, Depends
from pydantic import BaseModel
from store import MemoryStore, CategoryStore

app = FastAPI()


class NoteIn(BaseModel):
    title: str
    body: str = ""
    tags: List[str] = []


class CatIn(BaseModel):
    name: str
    color: Optional[str] = "red"


def get_categories():
    return CategoryStore()


@app.post("/notes", status_code=201)
def create(note: NoteIn):
    return MemoryStore().add(note.title, note.body, note.tags)


@app.get("/notes")
def list_notes(q: Optional[str] = None):
    notes = MemoryStore().all()
    if q:
        notes = [n for n in notes if q.lower() in n["title"].lower()]
    return notes


@app.get("/notes/{note_id}")
def one(note_id: str):
    n = MemoryStore().get(note_id)
    if not n:
        raise HTTPException(404, "Note not found")
    return n


@app.delete("/notes/{note_id}", status_code=204)
def rm(note_id: str):
    if not MemoryStore().remove(note_id):
        raise HTTPException(status_code=404, detail="Note not found")


@app.get("/tags")
def tags():
    return MemoryStore().tags


@app.post("/categories")
def new_cat(c: CatIn, store: CategoryStore = Depends(get_categories)):
    return store.create(c.name, c.color)


@app.get("/categories")
def cats(store: CategoryStore = Depends(get_categories)):
    return store.list()


@app.delete("/categories/{cid}")
def del_cat(cid: int):
    store = CategoryStore()
    if not store.delete(cid):
        raise HTTPException(404)
    return {"deleted": cid}
