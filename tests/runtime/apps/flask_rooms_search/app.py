"""Rooms in a list: positions in the path, search, sort, paging, unique names, rename, aggregates."""
from flask import Flask, abort, jsonify, request

app = Flask(__name__)

rooms = [
    {"name": "Attic", "floor": 3, "size": 12.5, "tags": ["warm"]},
    {"name": "Cellar", "floor": -1, "size": 30.0, "tags": []},
    {"name": "Hall", "floor": 0, "size": 22.0, "tags": ["big", "cold"]},
]


@app.route("/rooms", methods=["GET"])
def search():
    result = rooms
    if "q" in request.args:
        result = [room for room in result if request.args["q"].lower() in room["name"].lower()]
    floor = request.args.get("floor", type=int)
    if floor is not None:
        result = [room for room in result if room["floor"] == floor]
    order = request.args.get("sort", "name")
    if order not in ("name", "floor", "size"):
        return jsonify({"error": "unknown order"}), 400
    result = sorted(result, key=lambda room: room[order], reverse=request.args.get("desc") == "1")
    page = int(request.args.get("page", 1))
    per_page = int(request.args.get("per_page", 2))
    start = (page - 1) * per_page
    return jsonify({"total": len(result), "items": result[start:start + per_page]})


@app.route("/rooms/<int:position>", methods=["GET", "DELETE"])
def one(position):
    if position >= len(rooms):
        abort(404)
    if request.method == "DELETE":
        return jsonify(rooms.pop(position))
    return jsonify(rooms[position])


@app.route("/rooms", methods=["POST"])
def add():
    data = request.get_json(silent=True) or {}
    if not data.get("name"):
        return jsonify({"error": "name is needed"}), 400
    for room in rooms:
        if room["name"].lower() == data["name"].lower():
            return jsonify({"error": "name is taken"}), 409
    rooms.append({"name": data["name"], "floor": data.get("floor", 0), "size": data.get("size", 10.0), "tags": data.get("tags", [])})
    return jsonify(rooms[-1]), 201


@app.route("/rooms/<int:position>", methods=["PATCH"])
def change(position):
    try:
        room = rooms[position]
    except IndexError:
        return jsonify({"error": "no room"}), 404
    data = request.get_json()
    if "name" in data and any(other["name"] == data["name"] for other in rooms if other is not room):
        return jsonify({"error": "name is taken"}), 409
    for key in ("name", "floor", "size"):
        if key in data:
            room[key] = data[key]
    return jsonify(room)


@app.route("/floors")
def floors():
    per_floor = {}
    for room in rooms:
        per_floor.setdefault(str(room["floor"]), []).append(room["name"])
    return jsonify({"floors": per_floor, "largest": max(rooms, key=lambda r: r["size"])["name"] if rooms else None, "area": sum(r["size"] for r in rooms)})
