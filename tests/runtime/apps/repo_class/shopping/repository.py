"""A repository object that owns the rows, and a second one with class attributes."""
import uuid
from datetime import datetime


class ListRepository:
    def __init__(self):
        self._lists = {}

    def all(self):
        return list(self._lists.values())

    def get(self, list_id):
        return self._lists.get(list_id)

    def create(self, title):
        list_id = str(uuid.uuid4())
        self._lists[list_id] = {"id": list_id, "title": title, "entries": [], "created": datetime.utcnow().isoformat()}
        return self._lists[list_id]

    def add_entry(self, list_id, text):
        if list_id not in self._lists:
            return None
        entries = self._lists[list_id]["entries"]
        entries.append({"n": len(entries) + 1, "text": text})
        return entries

    def delete(self, list_id):
        return self._lists.pop(list_id, None) is not None


repository = ListRepository()
