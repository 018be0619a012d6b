"""UUID keys made by the application, in dicts of models, with moments."""

from datetime import datetime, timezone
from typing import Dict, List, Optional
from uuid import UUID, uuid4

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

app = FastAPI()


class TaskIn(BaseModel):
    title: str
    priority: int = Field(default=1, ge=1, le=5)


class Task(TaskIn):
    id: UUID = Field(default_factory=uuid4)
    created: datetime = Field(default_factory=lambda: datetime.now(timezone.utc))
    closed: Optional[datetime] = None


tasks: Dict[UUID, Task] = {}


@app.get("/tasks", response_model=List[Task])
async def list_tasks(priority: Optional[int] = None):
    found = list(tasks.values())
    if priority is not None:
        found = [task for task in found if task.priority == priority]
    return found


@app.post("/tasks", response_model=Task, status_code=201)
async def add_task(body: TaskIn):
    task = Task(**body.model_dump())
    tasks[task.id] = task
    return task


@app.get("/tasks/{task_id}", response_model=Task, response_model_exclude_none=True)
async def read_task(task_id: UUID):
    if task_id not in tasks:
        raise HTTPException(status_code=404, detail="no such task")
    return tasks[task_id]


@app.post("/tasks/{task_id}/close", response_model=Task)
async def close_task(task_id: UUID):
    task = tasks.get(task_id)
    if not task:
        raise HTTPException(status_code=404, detail="no such task")
    task.closed = datetime.now(timezone.utc)
    return task


@app.delete("/tasks/{task_id}", status_code=204)
async def drop_task(task_id: UUID):
    if task_id not in tasks:
        raise HTTPException(status_code=404, detail="no such task")
    del tasks[task_id]
