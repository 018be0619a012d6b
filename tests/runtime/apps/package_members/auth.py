from functools import wraps
from covet import json_response
from store import members


def login_required(f):
    @wraps(f)
    async def wrapper(request, *args, **kwargs):
        token = request.headers.get("Authorization", "").replace("Bearer ", "")
        user = next((m for m in members if m["token"] == token), None)
        if user is None:
            return json_response({"error": "unauthorized"}, status_code=401)
        request.user = user
        return await f(request, *args, **kwargs)
    return wrapper
