from datetime import datetime
from uuid import uuid4

from fastapi import FastAPI, HTTPException

from passwords import hashed, matches

app = FastAPI()

users = {
    "ann": {"name": "Ann", "password": hashed("secret"), "visits": 0},
    "bob": {"name": "Bob", "password": hashed("hidden"), "visits": 3},
}
notes = [
    {"id": 1, "text": "first", "token": str(uuid4()), "made": datetime.now()},
    {"id": 2, "text": "second", "token": "fixed", "made": datetime(2024, 5, 1)},
]


@app.post("/login")
def login(name: str, password: str):
    user = users.get(name)
    if user is None or not matches(password, user["password"]):
        raise HTTPException(status_code=401, detail="wrong name or password")
    user["visits"] += 1
    return {"name": user["name"], "visits": user["visits"]}


@app.get("/users")
def list_users():
    return {name: user["visits"] for name, user in users.items()}


@app.put("/users/{name}")
def put_user(name: str, password: str):
    users[name] = {"name": name, "password": hashed(password), "visits": 0}
    return list_users()


@app.get("/notes")
def list_notes():
    return [{"id": note["id"], "text": note["text"], "token": len(note["token"])} for note in notes]


@app.get("/notes/{note_id}/same")
def same_token(note_id: int):
    tokens = [note["token"] for note in notes if note["id"] == note_id]
    return {"known": tokens == [note["token"] for note in notes if note["id"] == note_id], "count": len(tokens)}


@app.delete("/notes")
def forget():
    notes.clear()
    return {"left": len(notes)}
