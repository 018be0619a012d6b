import uuid


class MemoryStore:
    _instance = None

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
            cls._instance.notes = []
            cls._instance.tags = {}
        return cls._instance

    def add(self, title, body, tags):
        note = {"id": str(uuid.uuid4()), "title": title, "body": body, "tags": tags}
        self._instance.notes.append(note)
        for t in tags:
            self._instance.tags[t] = self._instance.tags.get(t, 0) + 1
        return note

    def all(self):
        return self._instance.notes

    def get(self, note_id):
        return next((n for n in self.notes if n["id"] == note_id), None)

    def remove(self, note_id):
        n = self.get(note_id)
        if n is None:
            return False
        self.notes.remove(n)
        return True


class CategoryStore:
    _storage = {}
    _seq = 0

    def create(self, name, color="red"):
        CategoryStore._seq += 1
        cat = {"id": CategoryStore._seq, "name": name, "color": color}
        self._storage[cat["id"]] = cat
        return cat

    def list(self):
        return list(self._storage.values())

    def get(self, cid):
        return self._storage.get(cid)

    def delete(self, cid):
        return self._storage.pop(cid, None) is not None
