from covetpy import CovetApp
from covetpy.types import Request, Response
from notes import Note, repo

app = CovetApp()


def show(note: Note):
    return {"id": note.id, "text": note.text, "words": len(note.text.split()), "labels": note.labels}


@app.get("/notes")
async def notes(request: Request):
    return [show(n) for n in repo.all()]


@app.get("/notes/{note_id}")
async def one(request: Request, note_id: str):
    note = repo.find(int(note_id)) if note_id.isdigit() else None
    return show(note) if note else Response({"error": "none"}, 404)


@app.post("/notes")
async def add(request: Request):
    data = await request.json()
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        return Response({"error": "text"}, 400)
    return Response(show(repo.add(data["text"])), 201)


@app.put("/notes/{note_id}/labels/{label}")
async def label(request: Request, note_id: str, label: str):
    note = repo.find(int(note_id)) if note_id.isdigit() else None
    if note is None:
        return Response({"error": "none"}, 404)
    note.labels.append(label)
    note.text = note.text.strip() + "."
    return show(note)


@app.delete("/notes/{note_id}")
async def drop(request: Request, note_id: str):
    return {"removed": repo.remove(note_id), "size": len(repo)}


@app.post("/notes/reset")
async def reset(request: Request):
    repo.reset()
    return {"size": len(repo)}
