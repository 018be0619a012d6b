from functools import wraps

from flask import Flask, jsonify, request
from flask_bcrypt import Bcrypt

app = Flask(__name__)
app.config["BCRYPT_LOG_ROUNDS"] = 4
bcrypt = Bcrypt(app)

members = {}
visits = []


def member_required(view):
    @wraps(view)
    def checked(*args, **kwargs):
        auth = request.authorization
        known = members.get(auth.username) if auth else None
        if known is None or not bcrypt.check_password_hash(known["password"], auth.password or ""):
            return jsonify(error="who are you?"), 401
        return view(*args, **kwargs)

    return checked


@app.post("/members")
def join():
    data = request.get_json()
    name = data.get("name")
    if not name or name in members:
        return jsonify(error="taken"), 409
    members[name] = {"name": name, "password": bcrypt.generate_password_hash(data["password"]).decode("utf-8"), "level": 1}
    return jsonify(name=name), 201


@app.get("/members")
def everybody():
    return jsonify([{"name": m["name"], "level": m["level"]} for m in members.values()])


@app.post("/visits")
@member_required
def visit():
    visits.append({"id": len(visits) + 1, "who": request.authorization.username})
    return jsonify(visits[-1]), 201


@app.get("/visits")
def all_visits():
    return jsonify(visits=visits, count=len(visits))
