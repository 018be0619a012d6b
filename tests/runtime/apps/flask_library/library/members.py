from flask import Blueprint, jsonify, request

from . import store

members = Blueprint("members", __name__)


@members.route("", methods=["GET"], strict_slashes=False)
def list_members():
    return jsonify({"members": list(store.member_names.values()), "count": len(store.member_names)})


@members.route("/<string:name>", methods=["GET", "PUT"])
def member(name):
    if request.method == "PUT":
        created = name not in store.member_names
        store.member_names[name] = {"name": request.json.get("name", name), "books": 0}
        return jsonify(store.member_names[name]), (201 if created else 200)
    if name not in store.member_names:
        return jsonify({"error": "unknown member"}), 404
    return jsonify(store.member_names[name])
