import os
from covet import CovetPy, Request, json_response, error_response

app = CovetPy()
audit = []
limits = {}
profiles = {"ann": {"bio": "hi", "tags": ["a"]}, "ben": {"bio": "", "tags": []}}
settings_store = {"theme": "dark"}
ALLOWED = ("theme", "lang")


async def count(request, call_next):
    if request.method == "GET":
        return await call_next(request)
    client = request.headers.get("x-client", "anon")
    limits[client] = limits.get(client, 0) + 1
    if limits[client] > 400:
        return json_response({"error": "slow down"}, status_code=429)
    response = await call_next(request)
    audit.append({"path": request.path, "status": response.status_code, "client": client})
    return response


app.add_middleware(count)


@app.route("/profiles", methods=["GET", "POST"])
async def profiles_view(request):
    if request.method == "GET":
        return {"profiles": profiles}
    data = await request.json()
    name = data.get("name")
    if not name or name in profiles:
        return error_response("bad name", 400)
    profiles[name] = {"bio": data.get("bio", ""), "tags": data.get("tags", [])}
    return {"created": name}, 201, {"location": "/profiles/" + name}


@app.get("/profiles/{name}")
async def profile(request, name):
    try:
        return profiles[name]
    except KeyError:
        return error_response(f"no {name}", 404)


@app.post("/profiles/{name}/tags")
async def tag(request, name):
    if name not in profiles:
        return error_response("no profile", 404)
    body = await request.json()
    profiles[name]["tags"].append(body["tag"])
    return {"tags": profiles[name]["tags"]}


@app.put("/settings")
async def set_settings(request):
    body = await request.json()
    for k in ALLOWED:
        if k in body:
            settings_store[k] = body[k]
    return settings_store


@app.get("/settings")
def get_settings(request):
    return settings_store


@app.get("/audit")
async def show_audit(request):
    page = int(request.query.get("page", 1))
    return {"rows": audit[(page - 1) * 5: page * 5], "limits": limits}


@app.on_startup
async def ready():
    audit.clear()

if __name__ == "__main__":
    app.run("0.0.0.0", int(os.environ.get("PORT", 9000)), debug=True)
