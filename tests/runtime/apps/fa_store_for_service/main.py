from fastapi import FastAPI

from routers import members, tasks

app = FastAPI(title="tasks")
app.include_router(members.router, prefix="/members")
app.include_router(tasks.router, prefix="/tasks")


@app.get("/health")
def health():
    return {"members": len(members.members_db), "tasks": len(tasks.service.tasks)}
