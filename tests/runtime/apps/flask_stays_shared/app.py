from flask import Flask, jsonify, request

from limits import Limiter

app = Flask(__name__)
limiter = Limiter(app)
boats = [
    {"id": 1, "name": "Ida", "berth": "A1"},
    {"id": 2, "name": "Nis", "berth": "B4"},
]
by_name = {boat["name"]: boat for boat in boats}
trips = {}


@app.get("/boats")
@limiter.limit(5)
def list_boats():
    return jsonify(boats)


@app.put("/boats/<name>")
def move_boat(name):
    if name not in by_name:
        return jsonify(error="no such boat"), 404
    by_name[name]["berth"] = request.get_json()["berth"]
    return jsonify(by_name[name])


@app.post("/trips/<int:number>/<name>")
def join(number, name):
    trip = trips.setdefault(number, {"number": number, "boats": []})
    trip["boats"].append(by_name[name])
    return jsonify(trip), 201
