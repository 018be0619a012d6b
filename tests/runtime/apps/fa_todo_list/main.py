"""One file, a list of dicts, sync and async handlers."""

from typing import Optional

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI(title="Todos")


class TodoIn(BaseModel):
    title: str
    done: bool = False
    note: Optional[str] = None


todos = [
    {"id": 1, "title": "Water the plants", "done": False, "note": None},
    {"id": 2, "title": "Call the plumber", "done": True, "note": "before noon"},
]


@app.get("/")
def root():
    return {"message": "todos", "count": len(todos)}


@app.get("/todos")
async def list_todos(done: Optional[bool] = None):
    if done is None:
        return todos
    return [todo for todo in todos if todo["done"] == done]


@app.get("/todos/{todo_id}")
async def get_todo(todo_id: int):
    for todo in todos:
        if todo["id"] == todo_id:
            return todo
    raise HTTPException(status_code=404, detail="Todo not found")


@app.post("/todos", status_code=201)
def create_todo(todo: TodoIn):
    record = {"id": max((t["id"] for t in todos), default=0) + 1, **todo.model_dump()}
    todos.append(record)
    return record


@app.put("/todos/{todo_id}")
def replace_todo(todo_id: int, todo: TodoIn):
    for index, existing in enumerate(todos):
        if existing["id"] == todo_id:
            todos[index] = {"id": todo_id, **todo.model_dump()}
            return todos[index]
    raise HTTPException(status_code=404, detail="Todo not found")


@app.patch("/todos/{todo_id}/done")
async def mark_done(todo_id: int):
    todo = await get_todo(todo_id)
    todo["done"] = True
    return {"ok": True, "todo": todo}


@app.delete("/todos/{todo_id}", status_code=204)
def delete_todo(todo_id: int):
    for todo in todos:
        if todo["id"] == todo_id:
            todos.remove(todo)
            return None
    raise HTTPException(404, "Todo not found")
