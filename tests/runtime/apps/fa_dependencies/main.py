"""Dependencies that look into stores, and handlers that change what they were given."""

from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException

users_db = {
    "ann": {"username": "ann", "role": "admin", "token": "t-ann", "visits": 0},
    "bob": {"username": "bob", "role": "guest", "token": "t-bob", "visits": 3},
}
notes = []
audit = {"checks": 0}


def current_user(x_token: Annotated[str, Header()]):
    for user in users_db.values():
        if user["token"] == x_token:
            return user
    raise HTTPException(status_code=401, detail="Unknown token")


def admin(user: Annotated[dict, Depends(current_user)]):
    if user["role"] != "admin":
        raise HTTPException(status_code=403, detail="Admins only")
    return user


def count_check():
    audit["checks"] += 1


def note_or_404(note_id: int):
    for note in notes:
        if note["id"] == note_id:
            return note
    raise HTTPException(status_code=404, detail="No such note")


class Page:
    def __init__(self, skip: int = 0, limit: int = 5):
        self.skip, self.limit = skip, limit


CurrentUser = Annotated[dict, Depends(current_user)]
app = FastAPI()
private = APIRouter(prefix="/private", dependencies=[Depends(count_check)])


@app.get("/me")
async def me(user: CurrentUser):
    return {"username": user["username"], "visits": user["visits"]}


@app.post("/visit")
def visit(user: CurrentUser):
    user["visits"] += 1
    return user["visits"]


@private.post("/users")
def list_users(user: dict = Depends(admin)):
    return [name for name in users_db]


@app.get("/checks")
def checks():
    return audit["checks"]


@app.get("/notes")
def list_notes(page: Page = Depends()):
    return notes[page.skip : page.skip + page.limit]


@app.post("/notes", status_code=201)
def add_note(user: CurrentUser, body: dict):
    note = {"id": max((n["id"] for n in notes), default=0) + 1, "text": str(body.get("text", "")), "author": user["username"]}
    notes.append(note)
    return note


@app.put("/notes/{note_id}")
def edit_note(body: dict, note: dict = Depends(note_or_404)):
    note["text"] = str(body.get("text", ""))
    return note


@app.delete("/notes/{note_id}")
def remove_note(user: CurrentUser, note: dict = Depends(note_or_404)):
    if note["author"] != user["username"]:
        raise HTTPException(status_code=403, detail="Not yours")
    notes.remove(note)
    return {"removed": note["id"]}


app.include_router(private)
