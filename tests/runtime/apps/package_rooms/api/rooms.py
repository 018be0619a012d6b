from covet import RouteGroup, Response
from .data import room_repo, rooms, bookings, new_id

group = RouteGroup(prefix="/rooms")


@group.get("")
async def index(request):
    seats = request.query.get("seats")
    out = rooms if seats is None else [r for r in rooms if r["seats"] >= int(seats)]
    return out


@group.get("/{room_id}")
async def show(request, room_id):
    room = room_repo.find(room_id)
    if room is None:
        return Response({"error": "room not found"}, status_code=404)
    return room


@group.post("/{room_id}/bookings")
async def book(request, room_id):
    room = room_repo.find(room_id)
    if not room:
        return {"error": "room not found"}, 404
    data = await request.json()
    for b in bookings:
        if b["room_id"] == room_id and b["day"] == data["day"]:
            return {"error": "taken"}, 409
    b = {"id": new_id(), "room_id": room_id, "day": data["day"], "who": data.get("who", "me")}
    bookings.append(b)
    return b, 201
