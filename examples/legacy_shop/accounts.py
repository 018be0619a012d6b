"""Users."""
from data import orders_db, users_db
from router import route


@route("/api/users", "GET")
def list_users(request):
    role = request["query"].get("role")
    users = [u for u in users_db if role is None or u["role"] == role]
    return {"users": users, "total": len(users)}


@route("/api/users/{user_id}", "GET")
def get_user(request):
    user_id = int(request["params"]["user_id"])
    for user in users_db:
        if user["id"] == user_id:
            return user
    return {"error": "User not found"}, 404


@route("/api/users", "POST")
async def create_user(request):
    data = request["json"] or {}
    if not data.get("username") or "@" not in data.get("email", ""):
        return {"error": "username and a valid email are required"}, 400
    for user in users_db:
        if user["username"] == data["username"] or user["email"] == data["email"]:
            return {"error": "Already registered"}, 409
    user = {"id": len(users_db) + 1, "username": data["username"], "email": data["email"],
            "role": data.get("role", "customer"), "active": True, "city": data.get("city")}
    users_db.append(user)
    return user, 201


@route("/api/users/{user_id}/deactivate", "POST")
def deactivate_user(request):
    user_id = int(request["params"]["user_id"])
    for user in users_db:
        if user["id"] == user_id:
            user["active"] = False
            return user
    return {"error": "User not found"}, 404


@route("/api/users/{user_id}/orders", "GET")
def list_user_orders(request):
    user_id = int(request["params"]["user_id"])
    if not any(u["id"] == user_id for u in users_db):
        return {"error": "User not found"}, 404
    return {"orders": [o for o in orders_db if o["user_id"] == user_id]}
