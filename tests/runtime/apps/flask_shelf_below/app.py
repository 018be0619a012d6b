"""The data stands below the functions that use it."""

from flask import Flask, jsonify, request

app = Flask(__name__)


@app.route("/shelf", methods=["GET"])
def read_shelf():
    return jsonify(shelf)


@app.route("/shelf", methods=["POST"])
def add_to_shelf():
    shelf.append(request.json)
    return jsonify(shelf), 201


@app.route("/shelf/<int:place>", methods=["DELETE"])
def take_from_shelf(place):
    if place >= len(shelf):
        return jsonify({"error": "empty place"}), 404
    taken = shelf.pop(place)
    names.append(taken.get("label"))
    return jsonify(taken)


@app.route("/taken")
def read_taken():
    return jsonify({"owner": owner["name"], "taken": names})


shelf = [{"label": "first", "done": False}]
owner = {"name": "Bobby"}
names = []

if __name__ == "__main__":
    app.run(port=3245)
