class Database:
    def __init__(self):
        self.users = {}
        self.tasks = {}
        self.counters = {"users": 0, "tasks": 0}

    def next_id(self, name):
        self.counters[name] += 1
        return self.counters[name]


class UserRepository:
    def __init__(self, db):
        self.db = db

    def all(self):
        return list(self.db.users.values())

    def get(self, id):
        return self.db.users.get(id)

    def add(self, data):
        uid = self.db.next_id("users")
        user = {"id": uid, "name": data["name"], "email": data["email"]}
        self.db.users[uid] = user
        return user

    def delete(self, id):
        return self.db.users.pop(id, None)


class TaskRepository:
    def __init__(self, db):
        self.db = db

    def all(self):
        return list(self.db.tasks.values())

    def get(self, id):
        return self.db.tasks.get(id)

    def add(self, data):
        tid = self.db.next_id("tasks")
        task = {"id": tid, "title": data["title"], "done": False, "user_id": data.get("user_id")}
        self.db.tasks[tid] = task
        return task

    def delete(self, id):
        return self.db.tasks.pop(id, None)
