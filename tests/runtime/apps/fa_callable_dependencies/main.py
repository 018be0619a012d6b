from fastapi import Depends, FastAPI, HTTPException

users = {"ann": {"role": "admin", "seen": 0}, "bob": {"role": "user", "seen": 0}}


class RoleChecker:
    def __init__(self, role):
        self.role = role

    def __call__(self, name: str):
        if name not in users or users[name]["role"] != self.role:
            raise HTTPException(status_code=403, detail="no")
        users[name]["seen"] += 1
        return users[name]


app = FastAPI()
admin = RoleChecker("admin")


@app.get("/admin")
def only(user: dict = Depends(admin)):
    return user


@app.get("/member")
def member(user: dict = Depends(RoleChecker("user"))):
    user["seen"] += 10
    return user


@app.get("/users")
def list_users():
    return users


@app.post("/users/{name}")
def add(name: str, role: str = "user"):
    users[name] = {"role": role, "seen": 0}
    return users[name]
