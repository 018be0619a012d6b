import json

from flask import Flask, request, jsonify

app = Flask(__name__)
values = {"a": 1, "b": [1, 2], "c": {"x": 1, "y": 2}}
level = 1
people = []
docs = [{"id": 1, "data": {"x": 1, "y": [1]}, "flag": 0}]


class Person:
    def __init__(self, id, name):
        self.id = id
        self.name = name
        self.extra = {"n": 1}

    def __eq__(self, other):
        return self.id == other.id

    def as_dict(self):
        return {"id": self.id, "name": self.name, "extra": self.extra}


class Pet:
    def __init__(self, tag, kind):
        self.tag, self.kind = tag, kind

    def __eq__(self, other):
        return self.tag == other.tag


pets = {}


@app.get("/values")
def get_values():
    return app.response_class(json.dumps(values), mimetype="application/json")


@app.put("/values/<key>")
def put_value(key):
    values[key] = request.get_json()["v"]
    return jsonify(values[key])


@app.post("/values/c/turn")
def turn():
    c = values["c"]
    first = next(iter(c))
    c[first] = c.pop(first)
    return jsonify(list(c))


@app.put("/level")
def put_level():
    global level
    level = request.get_json()["v"]
    return jsonify(level)


@app.get("/level")
def get_level():
    return jsonify(level)


@app.put("/docs/<int:i>")
def put_doc(i):
    for d in docs:
        if d["id"] == i:
            d["data"] = request.get_json()["data"]
            d["flag"] = request.get_json().get("flag", 0)
            return jsonify(d)
    return jsonify(None), 404


@app.get("/docs")
def get_docs():
    return jsonify(docs)


@app.post("/people")
def add():
    p = Person(len(people) + 1, request.get_json()["name"])
    people.append(p)
    return jsonify(p.as_dict()), 201


@app.put("/people/<int:i>")
def rename(i):
    for p in people:
        if p.id == i:
            p.name = request.get_json()["name"]
            p.extra["n"] += 1
            return jsonify(p.as_dict())
    return jsonify(None), 404


@app.get("/people")
def get_people():
    return jsonify([p.as_dict() for p in people])


@app.put("/pets/<tag>")
def pet(tag):
    pets[tag] = Pet(tag, request.get_json()["kind"])
    return jsonify({k: v.kind for k, v in pets.items()})


@app.get("/pets")
def get_pets():
    return jsonify({k: v.kind for k, v in pets.items()})
