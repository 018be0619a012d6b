from typing import Optional
from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from .repositories import Database, TaskRepository, UserRepository

app = FastAPI(title="tasks")
db = Database()


def get_repository(repository_class):
    def _get():
        return repository_class(db)
    return _get


class UserIn(BaseModel):
    name: str
    email: str


class TaskIn(BaseModel):
    title: str
    user_id: Optional[int] = None


@app.get("/users")
def users(repo: UserRepository = Depends(get_repository(UserRepository))):
    return repo.all()


@app.post("/users", status_code=201)
def add_user(body: UserIn, repo: UserRepository = Depends(get_repository(UserRepository))):
    return repo.add(body.model_dump())


@app.get("/users/{uid}")
def user(uid: int, repo: UserRepository = Depends(get_repository(UserRepository))):
    found = repo.get(uid)
    if found is None:
        raise HTTPException(404, "no user")
    return found


@app.get("/tasks")
def tasks(done: Optional[bool] = None, repo: TaskRepository = Depends(get_repository(TaskRepository))):
    rows = repo.all()
    if done is not None:
        rows = [t for t in rows if t["done"] == done]
    return rows


@app.post("/tasks", status_code=201)
def add_task(body: TaskIn, repo: TaskRepository = Depends(get_repository(TaskRepository)), users: UserRepository = Depends(get_repository(UserRepository))):
    if body.user_id is not None and not users.get(body.user_id):
        raise HTTPException(400, "unknown user")
    return repo.add(body.model_dump())


@app.post("/tasks/{tid}/done")
def done(tid: int, repo: TaskRepository = Depends(get_repository(TaskRepository))):
    t = repo.get(tid)
    if not t:
        raise HTTPException(404, "no task")
    t["done"] = True
    return t


@app.delete("/tasks/{tid}")
def rm(tid: int, repo: TaskRepository = Depends(get_repository(TaskRepository))):
    if repo.delete(tid) is None:
        raise HTTPException(404, "no task")
    return {"ok": True}
