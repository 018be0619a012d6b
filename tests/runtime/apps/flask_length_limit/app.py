from flask import Flask, request, jsonify
from werkzeug.exceptions import RequestEntityTooLarge

app = Flask(__name__)
app.config['MAX_CONTENT_LENGTH'] = 200
app.config['JSONIFY_PRETTYPRINT_REGULAR'] = True
pastes = {}


@app.errorhandler(413)
def too_large(e):
    return jsonify(error="too large"), 413


@app.route("/paste/<key>", methods=["PUT"])
def put(key):
    pastes[key] = {"key": key, "text": request.get_data(as_text=True)}
    return jsonify(pastes[key])


@app.route("/paste/<key>")
def get(key):
    if key not in pastes:
        return jsonify(error="none"), 404
    return jsonify(pastes[key])


@app.route("/paste", methods=["POST"])
def post():
    data = request.get_json()
    pastes[data["key"]] = {"key": data["key"], "text": data["text"]}
    return jsonify(pastes[data["key"]]), 201
