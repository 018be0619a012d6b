import itertools
rooms = [{"id": 1, "name": "Blue", "seats": 4}, {"id": 2, "name": "Red", "seats": 10}]
bookings = []
_ids = itertools.count(1)


def new_id():
    return next(_ids)


class Repo:
    def __init__(self, rows):
        self.rows = rows

    def find(self, id):
        return next((r for r in self.rows if r["id"] == id), None)

    def add(self, row):
        self.rows.append(row)
        return row


room_repo = Repo(rooms)
