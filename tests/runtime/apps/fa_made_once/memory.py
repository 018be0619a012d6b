from contracts import Notes


class MemoryNotes(Notes):
    def __init__(self):
        self._rows = [{"id": 1, "text": "buy milk"}, {"id": 2, "text": "call home"}]
        self._next = 3

    def all(self):
        return self._rows

    def add(self, text):
        row = {"id": self._next, "text": text}
        self._next += 1
        self._rows.append(row)
        return row

    def remove(self, note_id):
        for row in self._rows:
            if row["id"] == note_id:
                self._rows.remove(row)
                return True
        return False


class Table:
    def __init__(self):
        self.colours = {"red": "#f00"}

    def put(self, name, colour):
        self.colours[name] = colour


class Tags(Table):
    def shown(self):
        return dict(self.colours)
