"""Records of two kinds in one store, and notes whose ids come from the client and repeat."""

from typing import Optional

from fastapi import FastAPI, Path
from pydantic import BaseModel

app = FastAPI()


class Student(BaseModel):
    name: str
    age: int
    year: str = "first"


class Changes(BaseModel):
    name: Optional[str] = None
    age: Optional[int] = None


class Note(BaseModel):
    id: int
    text: str


students = {
    1: {"name": "Ada", "age": 20, "year": "second"},
    2: {"name": "Bo", "age": 23, "year": "third"},
}
notes = []


@app.get("/students")
def list_students():
    return students


@app.get("/students/{student_id}")
def get_student(student_id: int):
    if student_id not in students:
        return {"error": "unknown"}
    return students[student_id]


@app.get("/students/{student_id}/kind")
def kind_of_student(student_id: int):
    return {"kind": type(students.get(student_id)).__name__}


@app.post("/students/{student_id}")
def add_student(student: Student, student_id: int = Path(lt=1_000_000_000)):
    if student_id in students:
        return {"error": "exists"}
    students[student_id] = student
    return {"added": student.name}


@app.patch("/students/{student_id}")
def change_student(student_id: int, changes: Changes):
    if student_id not in students:
        return {"error": "unknown"}
    if changes.name is not None:
        students[student_id].name = changes.name
    if changes.age is not None:
        students[student_id].age = changes.age
    return students[student_id]


@app.delete("/students/{student_id}")
def remove_student(student_id: int):
    del students[student_id]
    return {"removed": student_id}


@app.get("/notes")
def list_notes():
    return {"notes": notes}


@app.post("/notes")
def add_note(note: Note):
    notes.append(note)
    return {"count": len(notes)}


@app.put("/notes/{note_id}")
def change_note(note_id: int, changed: Note):
    for note in notes:
        if note.id == note_id:
            note.text = changed.text
            return note
    return {"error": "unknown"}


@app.delete("/notes/{note_id}")
def remove_note(note_id: int):
    for note in notes:
        if note.id == note_id:
            notes.remove(note)
            return {"removed": note_id}
    return {"error": "unknown"}
