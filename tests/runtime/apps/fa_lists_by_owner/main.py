"""Tasks in a dict of lists, a repository class with a counter, and ids that are the highest one plus one."""
from typing import Dict, List, Optional

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Task(BaseModel):
    title: str
    done: bool = False


class TaskRepository:
    def __init__(self):
        self._tasks: Dict[str, List[dict]] = {}
        self._next = 1

    def owners(self) -> List[str]:
        return sorted(self._tasks)

    def of(self, owner: str) -> Optional[List[dict]]:
        return self._tasks.get(owner)

    def add(self, owner: str, task: Task) -> dict:
        row = {"id": self._next, **task.model_dump()}
        self._next += 1
        self._tasks.setdefault(owner, []).append(row)
        return row

    def find(self, owner: str, task_id: int) -> Optional[dict]:
        for row in self._tasks.get(owner, []):
            if row["id"] == task_id:
                return row
        return None

    def drop(self, owner: str, task_id: int) -> bool:
        rows = self._tasks.get(owner, [])
        kept = [row for row in rows if row["id"] != task_id]
        if len(kept) == len(rows):
            return False
        self._tasks[owner] = kept
        return True


repository = TaskRepository()
labels = [{"id": 1, "name": "home"}, {"id": 5, "name": "work"}]


def get_repository() -> TaskRepository:
    return repository


@app.get("/owners")
def owners(tasks: TaskRepository = Depends(get_repository)):
    return tasks.owners()


@app.get("/owners/{owner}/tasks", response_model=False)
def tasks_of(owner: str, done: Optional[bool] = None):
    rows = repository.of(owner)
    if rows is None:
        raise HTTPException(status_code=404, detail="no owner")
    return [row for row in rows if done is None or row["done"] == done]


@app.post("/owners/{owner}/tasks", status_code=201)
def add_task(owner: str, task: Task):
    return repository.add(owner, task)


@app.put("/owners/{owner}/tasks/{task_id}")
def change_task(owner: str, task_id: int, task: Task):
    row = repository.find(owner, task_id)
    if not row:
        raise HTTPException(status_code=404, detail="no task")
    row.update(task.model_dump())
    return row


@app.delete("/owners/{owner}/tasks/{task_id}", status_code=204)
def drop_task(owner: str, task_id: int):
    if not repository.drop(owner, task_id):
        raise HTTPException(status_code=404, detail="no task")


@app.post("/labels", status_code=201)
def add_label(label: dict):
    if any(known["name"] == label["name"] for known in labels):
        raise HTTPException(status_code=409, detail="exists")
    new_id = max(known["id"] for known in labels) + 1 if labels else 1
    labels.append({"id": new_id, "name": label["name"]})
    return labels[-1]


@app.get("/labels")
def list_labels():
    return labels


@app.delete("/labels/{label_id}")
def drop_label(label_id: int):
    for i, label in enumerate(labels):
        if label["id"] == label_id:
            return labels.pop(i)
    raise HTTPException(status_code=404, detail="no label")
