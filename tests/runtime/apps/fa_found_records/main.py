from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()
bookings = [{"id": 1, "guest": "Ann", "state": "open"}]
rooms = [{"id": 1, "name": "Garden", "beds": 2}]


class Booking(BaseModel):
    guest: str
    state: str = "open"


def find(records: list[dict], wanted: int):
    return next((record for record in records if record["id"] == wanted), None)


def beds(records: list[dict]):
    return sum(record["beds"] for record in records)


@app.get("/bookings")
def all_bookings():
    return bookings


@app.post("/bookings", status_code=201)
def book(booking: Booking):
    made = {"id": max([one["id"] for one in bookings], default=0) + 1, "guest": booking.guest, "state": booking.state}
    bookings.append(made)
    return made


@app.put("/bookings/{booking_id}")
def change(booking_id: int, booking: Booking):
    found = find(bookings, booking_id)
    if not found:
        raise HTTPException(status_code=404, detail="no such booking")
    found.update({"guest": booking.guest, "state": booking.state})
    return found


@app.put("/bookings/{booking_id}/close")
def close(booking_id: int):
    found = find(records=bookings, wanted=booking_id)
    if not found:
        raise HTTPException(status_code=404, detail="no such booking")
    found["state"] = "closed"
    return found


@app.post("/rooms", status_code=201)
def add_room(name: str, beds: int):
    room = {"id": max([one["id"] for one in rooms], default=0) + 1, "name": name, "beds": beds}
    rooms.append(room)
    return room


@app.get("/rooms/{room_id}")
def one_room(room_id: int):
    found = find(rooms, room_id)
    if not found:
        raise HTTPException(status_code=404, detail="no such room")
    return {"name": found["name"], "all": beds(rooms)}


orders = [{"id": 1, "lines": [{"sku": "a1", "count": 1}]}]


class Line(BaseModel):
    sku: str
    count: int


def lines_of(order: dict):
    return order["lines"]


@app.get("/orders")
def all_orders():
    return orders


@app.post("/orders", status_code=201)
def add_order(line: Line):
    order = {"id": max([one["id"] for one in orders], default=0) + 1, "lines": [{"sku": line.sku, "count": line.count}]}
    orders.append(order)
    return order


@app.post("/orders/{order_id}/lines", status_code=201)
def add_line(order_id: int, line: Line):
    order = next((one for one in orders if one["id"] == order_id), None)
    if order is None:
        raise HTTPException(status_code=404, detail="no such order")
    lines = lines_of(order)
    lines.append({"sku": line.sku, "count": line.count})
    return {"lines": len(lines)}
