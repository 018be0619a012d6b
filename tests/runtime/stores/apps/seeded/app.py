import itertools

from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

rooms = []
guests = {}
numbers = itertools.count(100, 5)

for floor in range(1, 3):
    for letter in "ab":
        rooms.append({"code": f"{floor}{letter}", "floor": floor, "free": True})


def seed():
    for name in ("ann", "bob"):
        guests[name] = {"name": name, "room": None}


seed()


@app.get("/rooms")
async def list_rooms(request: Request):
    floor = request.query_params.get("floor")
    return [r for r in rooms if not floor or str(r["floor"]) == floor]


@app.get("/guests")
async def list_guests(request: Request):
    return {"guests": guests, "free": sum(1 for r in rooms if r["free"])}


@app.post("/guests/{name}")
async def check_in(request: Request, name: str):
    free = [r for r in rooms if r["free"]]
    if not free:
        return Response({"error": "full"}, 409)
    room = free[0]
    room["free"] = False
    guests[name] = {"name": name, "room": room["code"]}
    return Response({"ticket": next(numbers), "guest": guests[name]}, 201)


@app.delete("/guests/{name}")
async def check_out(request: Request, name: str):
    guest = guests.pop(name, None)
    if guest is None:
        return Response({"error": "no guest"}, 404)
    for room in rooms:
        if room["code"] == guest["room"]:
            room["free"] = True
    return guest
