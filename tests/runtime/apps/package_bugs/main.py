import time
from typing import Dict, Optional
from covet import CovetPy, Request, Response, CovetError

bugs: Dict[int, dict] = {}
next_id = 1


def make_bug(title, severity="low"):
    global next_id
    bug = {"id": next_id, "title": title, "severity": severity, "open": True}
    bugs[next_id] = bug
    next_id += 1
    return bug


def change_bug(bug_id: int, **updates) -> Optional[dict]:
    if bug_id not in bugs:
        return None
    bug = bugs[bug_id]
    for key, value in updates.items():
        if key in ["title", "severity", "open"]:
            bug[key] = value
    return bug


def check(data):
    if not isinstance(data, dict):
        raise CovetError("body must be an object", status_code=400)
    if "title" not in data:
        raise CovetError("title is required", status_code=400)
    return {"title": str(data["title"]).strip(), "severity": str(data.get("severity", "low"))}


app = CovetPy(debug=True)

make_bug("Login broken", "high")
make_bug("Typo on home page")


@app.get("/")
async def info():
    return {"name": "bugs", "version": "0.1"}


@app.get("/bugs")
async def list_bugs():
    all_bugs = list(bugs.values())
    return {"bugs": all_bugs, "count": len(all_bugs), "open": sum(1 for b in all_bugs if b["open"])}


@app.post("/bugs")
async def create(request: Request):
    try:
        data = await request.json()
    except Exception:
        raise CovetError("invalid json", status_code=400)
    bug = make_bug(**check(data))
    return {"message": "created", "bug": bug}


@app.get("/bugs/{bug_id}")
async def get_bug(bug_id: int):
    if bug_id not in bugs:
        raise CovetError(f"bug {bug_id} not found", status_code=404)
    return {"bug": bugs[bug_id]}


@app.put("/bugs/{bug_id}")
async def update(bug_id: int, request: Request):
    if bug_id not in bugs:
        raise CovetError(f"bug {bug_id} not found", status_code=404)
    data = await request.json()
    updates = {}
    if "title" in data:
        updates["title"] = data["title"].strip()
    if "open" in data:
        updates["open"] = bool(data["open"])
    if not updates:
        raise CovetError("nothing to update", status_code=400)
    return {"message": "updated", "bug": change_bug(bug_id, **updates)}


@app.delete("/bugs/{bug_id}")
async def delete(bug_id: int):
    if bug_id not in bugs:
        raise CovetError(f"bug {bug_id} not found", status_code=404)
    gone = bugs.pop(bug_id)
    return {"message": "deleted", "bug": gone}


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=8000)
