from covet import Covet
from auth import login_required
from views import MemberViews, create, visit
from store import visits, members

app = Covet(debug=False)
views = MemberViews()

app.add_route("/members", views.list, ["GET"])
app.add_route("/members/{member_id}", views.show, methods=["GET"])
app.add_route("POST", "/members", create)
app.add_route(path="/members/{member_id}/visit", handler=visit, methods="POST")


@app.route("/me", method="GET")
@login_required
async def me(request):
    return {"me": request.user["name"], "plan": request.user["plan"]}


@app.route("/me/plan", methods=["PATCH", "PUT"])
@login_required
async def change_plan(request):
    data = await request.json()
    for m in members:
        if m["id"] == request.user["id"]:
            m["plan"] = data["plan"]
            return m
    return {"error": "gone"}, 410


@app.get("/visits")
async def all_visits(request):
    theme = request.cookies().get("theme", "light")
    return {"visits": visits, "theme": theme}


@app.exception_handler(ValueError)
async def bad(request, exc):
    return {"error": str(exc)}, 400


@app.get("/double/{n}")
async def double(request, n):
    if not isinstance(n, int):
        raise ValueError("not a number")
    return {"n": n * 2}
