from fastapi import Depends, FastAPI, HTTPException

from container import get_notes, get_tags
from contracts import Notes

app = FastAPI()


@app.get("/notes")
def list_notes(notes: Notes = Depends(get_notes)):
    return notes.all()


@app.post("/notes", status_code=201)
def add_note(text: str, notes: Notes = Depends(get_notes)):
    return notes.add(text)


@app.delete("/notes/{note_id}")
def delete_note(note_id: int, notes: Notes = Depends(get_notes)):
    if not notes.remove(note_id):
        raise HTTPException(status_code=404, detail="no such note")
    return {"left": len(notes.all())}


@app.get("/tags")
def list_tags():
    return get_tags().shown()


@app.put("/tags/{name}")
def put_tag(name: str, colour: str):
    get_tags().put(name, colour)
    return get_tags().shown()
