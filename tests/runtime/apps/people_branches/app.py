"""No registry and no handlers: the branches of the callable do all the work."""
import json

users = {1: {"id": 1, "name": "Alice", "email": "alice@example.com"}, 2: {"id": 2, "name": "Bob", "email": "bob@example.com"}}
next_user_id = 3


async def send_json(send, status, data):
    await send({"type": "http.response.start", "status": status, "headers": [[b"content-type", b"application/json"]]})
    await send({"type": "http.response.body", "body": json.dumps(data).encode("utf-8")})


async def read_body(receive):
    body = b""
    more_body = True
    while more_body:
        message = await receive()
        body += message.get("body", b"")
        more_body = message.get("more_body", False)
    return body


async def app(scope, receive, send):
    global next_user_id
    if scope["type"] != "http":
        return
    path = scope["path"]
    method = scope["method"]

    if path == "/" and method == "GET":
        await send_json(send, 200, {"message": "Welcome"})
    elif path == "/users" and method == "GET":
        await send_json(send, 200, list(users.values()))
    elif path == "/users" and method == "POST":
        data = json.loads(await read_body(receive))
        if "name" not in data:
            await send_json(send, 400, {"error": "name is required"})
            return
        user = {"id": next_user_id, "name": data["name"], "email": data.get("email")}
        users[next_user_id] = user
        next_user_id += 1
        await send_json(send, 201, user)
    elif path.startswith("/users/"):
        user_id = int(path.split("/")[-1])
        if user_id not in users:
            await send_json(send, 404, {"error": "User not found"})
            return
        if method == "GET":
            await send_json(send, 200, users[user_id])
        elif method == "PUT":
            data = json.loads(await read_body(receive))
            users[user_id]["name"] = data["name"]
            await send_json(send, 200, users[user_id])
        elif method == "DELETE":
            del users[user_id]
            await send_json(send, 204, None)
        else:
            await send_json(send, 405, {"error": "Method not allowed"})
    else:
        await send_json(send, 404, {"error": "Not found"})
