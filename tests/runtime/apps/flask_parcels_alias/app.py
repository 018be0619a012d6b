from flask import Flask, jsonify, request

from models import Parcels, Users

app = Flask(__name__)
parcels = Parcels()


@app.route("/parcels", methods=["GET", "POST"])
def all_parcels():
    if request.method == "POST":
        body = request.get_json()
        return jsonify(parcels.add(body["sender"], body["weight"])), 201
    return jsonify({"parcels": parcels.all(), "count": len(parcels.db)})


@app.route("/parcels/<int:parcel_id>", methods=["GET", "DELETE"])
def one_parcel(parcel_id):
    found = parcels.find(parcel_id)
    if not found:
        return jsonify({"error": "no such parcel"}), 404
    if request.method == "DELETE":
        parcels.drop(found)
    return jsonify(found)


@app.route("/users/<name>", methods=["PUT"])
def put_user(name):
    users = Users()
    users.put(name)
    return jsonify(users.names())
