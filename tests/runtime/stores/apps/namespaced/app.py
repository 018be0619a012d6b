from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

db = {
    "users": [{"id": 1, "name": "Ada"}, {"id": 2, "name": "Bo"}],
    "posts": {},
}


@app.get("/users")
async def users(request: Request):
    return db["users"]


@app.post("/users")
async def add_user(request: Request):
    user = {"id": db["users"][-1]["id"] + 1 if db["users"] else 1, "name": "user %d" % len(db["users"])}
    db["users"].append(user)
    return Response(user, 201)


@app.delete("/users/{user_id}")
async def drop_user(request: Request, user_id: str):
    before = len(db["users"])
    db["users"] = [u for u in db["users"] if str(u["id"]) != user_id]
    return {"dropped": before - len(db["users"])}


@app.get("/posts")
async def posts(request: Request):
    return {"posts": db["posts"], "authors": sorted({p["by"] for p in db["posts"].values()})}


@app.post("/posts/{slug}")
async def add_post(request: Request, slug: str):
    if slug in db["posts"]:
        return Response({"error": "taken"}, 409)
    db["posts"][slug] = {"by": db["users"][0]["name"] if db["users"] else "nobody", "likes": 0}
    return Response(db["posts"][slug], 201)


@app.put("/posts/{slug}")
async def like(request: Request, slug: str):
    post = db["posts"].get(slug)
    if not post:
        return Response({"error": "none"}, 404)
    post["likes"] += 1
    return post
