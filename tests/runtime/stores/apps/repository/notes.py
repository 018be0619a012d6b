from dataclasses import dataclass, field
from typing import List, Optional


@dataclass
class Note:
    id: int
    text: str
    labels: List[str] = field(default_factory=list)


class NoteRepository:
    """Keeps the notes in memory."""

    def __init__(self):
        self._notes: List[Note] = [Note(1, "first note"), Note(2, "second", ["x"])]
        self.last_id = 2

    def __len__(self):
        return len(self._notes)

    def all(self):
        return self._notes

    def find(self, note_id: int) -> Optional[Note]:
        for note in self._notes:
            if note.id == note_id:
                return note
        return None

    def add(self, text: str) -> Note:
        self.last_id += 1
        note = Note(self.last_id, text)
        self._notes.append(note)
        return note

    def remove(self, note_id: str) -> int:
        before = len(self._notes)
        self._notes = [n for n in self._notes if str(n.id) != note_id]
        return before - len(self._notes)

    def reset(self):
        self._notes.clear()


repo = NoteRepository()
