from covet.core.asgi_app import create_asgi_app
from covet.core.routing import CovetRouter
from covet.core.http import Request, Response

users_db = [
    {"id": 1, "name": "Ada", "email": "ada@x.test"},
    {"id": 2, "name": "Bob", "email": "bob@x.test"},
]


def build_router():
    router = CovetRouter()

    async def home(request: Request):
        return Response({"message": "hi", "path": request.path, "method": request.method})

    async def profile(request: Request):
        user_id = request.path_params.get("user_id")
        for u in users_db:
            if u["id"] == int(user_id):
                return Response(u)
        return Response({"error": "no such user"}, status_code=404)

    async def create_user(request: Request):
        if request.is_json():
            data = await request.json()
            user = {"id": len(users_db) + 1, "name": data.get("name"), "email": data.get("email")}
            users_db.append(user)
            return Response({"created": True, "user": user}, status_code=201)
        return Response({"error": "JSON data required"}, status_code=400)

    async def list_users(request):
        q = request.query.get("q")
        found = [u for u in users_db if not q or q.lower() in u["name"].lower()]
        return Response(found)

    router.add_route("/", home, ["GET"])
    router.add_route("/users/{user_id}", profile, ["GET"])
    router.add_route("/users", create_user, ["POST"])
    router.add_route("/users", list_users, ["GET"])
    return router


def create_app():
    router = build_router()
    app = create_asgi_app(router=router, debug=False, enable_lifespan=True)

    async def startup():
        print("starting")

    app.add_startup_handler(startup)
    return app


app = create_app()
