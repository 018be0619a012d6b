"""Signed links: secrets in the code, bodies that are read."""
import hashlib
import hmac

from flask import Flask, jsonify, request

from keys import API_TOKENS, EDITOR_PASSWORD, Keys

app = Flask(__name__)
links = [{"id": 1, "target": "/a", "uses": 0, "note": None}]


def sign(text):
    return hmac.new(Keys.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@app.route("/links", methods=["GET"])
def list_links():
    return jsonify([{"id": link["id"], "signature": sign(link["target"])} for link in links])


@app.route("/links", methods=["POST"])
def add_link():
    if request.headers.get("X-Api-Key") != API_TOKENS["api_key"] and request.args.get("password") != EDITOR_PASSWORD:
        return jsonify({"error": "not allowed"}), 403
    data = request.get_json()
    if not data or not data.get("target"):
        return jsonify({"error": "target is missing"}), 400
    link = {"id": links[-1]["id"] + 1 if links else 1, "target": data["target"], "uses": data.get("uses", 0), "note": data.get("note")}
    links.append(link)
    return jsonify(link), 201


@app.route("/links/<int:link_id>", methods=["PUT"])
def change_link(link_id):
    for link in links:
        if link["id"] == link_id:
            data = request.get_json()
            link["target"] = data["target"]
            if "uses" in data:
                link["uses"] = data["uses"]
            return jsonify(link)
    return jsonify({"error": "no such link"}), 404


@app.route("/links/<int:link_id>/<signature>", methods=["GET"])
def follow(link_id, signature):
    for link in links:
        if link["id"] == link_id and hmac.compare_digest(sign(link["target"]), signature):
            return jsonify({"target": link["target"], "uses": link["uses"]})
    return jsonify({"error": "no such link"}), 404
