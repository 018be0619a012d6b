"""Contacts in a dict by number, with a counter; filters, order and pages come from the query."""
import flask
from flask import request

app = flask.Flask(__name__)
app.config["JSON_SORT_KEYS"] = False
app.config["DEBUG"] = False

contacts = {
    1: {"name": "Ada", "city": "London", "age": 36, "tags": ["math"]},
    2: {"name": "Grace", "city": "New York", "age": 85, "tags": ["navy", "compilers"]},
    3: {"name": "Linus", "city": "Helsinki", "age": 54, "tags": []},
}
next_id = 4


def as_record(number):
    return {"id": number, **contacts[number]}


@app.get("/contacts")
def list_contacts():
    city = request.args.get("city", "")
    minimum = request.args.get("min_age", type=int)
    page = request.args.get("page", 1, type=int)
    size = request.args.get("size", default=10, type=int)
    found = [as_record(number) for number in contacts]
    if city:
        found = [one for one in found if one["city"].lower() == city.lower()]
    if minimum is not None:
        found = [one for one in found if one["age"] >= minimum]
    if "sort" in request.args:
        key = request.args["sort"]
        if key not in ("name", "age", "city"):
            return flask.jsonify(error="cannot sort by " + key), 400
        found = sorted(found, key=lambda one: one[key])
    tags = request.args.getlist("tag")
    if tags:
        found = [one for one in found if any(tag in one["tags"] for tag in tags)]
    start = (page - 1) * size
    return flask.jsonify(items=found[start:start + size], total=len(found), page=page)


@app.get("/contacts/<int:number>")
def get_contact(number):
    if number not in contacts:
        flask.abort(404)
    return as_record(number)


@app.post("/contacts")
def add_contact():
    global next_id
    data = flask.request.get_json(silent=True) or {}
    if "name" not in data:
        return {"error": "a name is needed"}, 422
    contacts[next_id] = {
        "name": data["name"],
        "city": data.get("city", "unknown"),
        "age": data.get("age", 0),
        "tags": data.get("tags", []),
    }
    next_id += 1
    return as_record(next_id - 1), 201, {"X-Contact": str(next_id - 1)}


@app.patch("/contacts/<int:number>")
def change_contact(number):
    if number not in contacts:
        return {"error": "no such contact"}, 404
    data = request.get_json()
    for key in ("name", "city", "age"):
        if key in data:
            contacts[number][key] = data[key]
    return as_record(number)


@app.delete("/contacts/<int:number>")
def remove_contact(number):
    if contacts.pop(number, None) is None:
        return {"error": "no such contact"}, 404
    return "", 204


@app.route("/cities")
def cities():
    counts = {}
    for one in contacts.values():
        counts[one["city"]] = counts.get(one["city"], 0) + 1
    return counts


if __name__ == "__main__":
    app.run("0.0.0.0", 8080, debug=True)
