"""No registry: the ASGI callable compares method and path itself."""
import json

rooms = {101: {"beds": 2, "rate": 80.0}, 102: {"beds": 1, "rate": 55.5}, 201: {"beds": 4, "rate": 140.0}}
bookings = []


def list_rooms(beds):
    return [{"number": number, **room} for number, room in rooms.items() if beds is None or room["beds"] >= beds]


def book(data):
    if data["room"] not in rooms:
        return {"error": "no such room"}, 404
    for booking in bookings:
        if booking["room"] == data["room"] and booking["night"] == data["night"]:
            return {"error": "taken"}, 409
    booking = {"id": len(bookings) + 1, "room": data["room"], "night": data["night"], "guest": data["guest"]}
    bookings.append(booking)
    return booking, 201


async def read_body(receive):
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            return body


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    method, path = scope["method"], scope["path"]
    if method == "GET" and path == "/rooms":
        data, status = list_rooms(None), 200
    elif method == "GET" and path.startswith("/rooms/"):
        number = path[len("/rooms/"):]
        if number.isdigit() and int(number) in rooms:
            data, status = {"number": int(number), **rooms[int(number)]}, 200
        else:
            data, status = {"error": "no such room"}, 404
    elif path == "/bookings" and method == "GET":
        data, status = bookings, 200
    elif path == "/bookings" and method == "POST":
        data, status = book(json.loads(await read_body(receive)))
    else:
        data, status = {"error": "not found"}, 404
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(data).encode()})
