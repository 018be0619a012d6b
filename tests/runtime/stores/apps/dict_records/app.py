from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

users = {
    "root": {"role": "admin", "mail": "root@x.test", "age": 40},
    "mia": {"role": "guest", "mail": "mia@x.test", "age": None},
}
tasks, counter = {}, 0


@app.get("/users")
async def all_users(request: Request):
    return users


@app.get("/users/names")
async def names(request: Request):
    return [f"{name}:{user['role']}" for name, user in users.items()]


@app.get("/users/{username}")
async def get_user(request: Request, username: str):
    if username not in users:
        return Response({"error": "no user"}, 404)
    return users[username]


@app.put("/users/{username}")
async def put_user(request: Request, username: str):
    user = users.get(username, {})
    users[username] = {"role": user.get("role", "guest"), "mail": f"{username}@y.test", "age": 1}
    return Response(users[username], 200 if user else 201)


@app.delete("/users/{username}")
async def delete_user(request: Request, username: str):
    gone = users.pop(username, None)
    return {"gone": gone, "left": list(users)}


@app.get("/tasks")
async def list_tasks(request: Request):
    return {"tasks": list(tasks.values()), "count": len(tasks), "next": counter + 1}


@app.post("/tasks")
async def create_task(request: Request):
    global counter
    data = await request.json()
    if not isinstance(data, dict):
        return Response({"error": "body"}, 400)
    counter += 1
    tasks[counter] = {"id": counter, "title": str(data.get("title", "Untitled")), "done": False}
    return Response({"task": tasks[counter]}, 201)


@app.put("/tasks/{task_id}")
async def finish(request: Request, task_id: str):
    try:
        task = tasks[int(task_id)]
    except (KeyError, ValueError) as error:
        return Response({"error": type(error).__name__}, 404)
    task["done"] = not task["done"]
    return task


@app.delete("/tasks/{task_id}")
async def delete_task(request: Request, task_id: str):
    if task_id.isdigit() and int(task_id) in tasks:
        del tasks[int(task_id)]
        return Response(None, 204)
    return Response({"error": "no task"}, 404)
