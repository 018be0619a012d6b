from fastapi import APIRouter, HTTPException, Path

from .members import members_db


class TaskService:
    def __init__(self, members):
        self.members, self.tasks = members, []

    def add(self, member_id, title):
        if member_id not in self.members:
            raise LookupError(member_id)
        self.tasks.append({"id": len(self.tasks) + 1, "member_id": member_id, "title": title, "done": False})
        return self.tasks[-1]

    def finish(self, id):
        for task in self.tasks:
            if task["id"] == id:
                task["done"] = True
                return task


service = TaskService(members_db)
router = APIRouter()


@router.post("/{member_id}")
def add(member_id: int, title: str):
    try:
        return service.add(member_id, title)
    except LookupError:
        raise HTTPException(400, "no member")


@router.put("/{id}/done")
def done(id: int = Path(ge=1)):
    return service.finish(id) or {"error": "none"}


@router.get("/")
def listing(done: bool | None = None):
    return [task for task in service.tasks if done is None or task["done"] == done]
