from flask import Flask, jsonify, g, request
from flask_httpauth import HTTPTokenAuth

app = Flask(__name__)
auth = HTTPTokenAuth(scheme='Bearer')

tokens = {"secret-token-1": "john", "secret-token-2": "susan"}
items = {1: {"id": 1, "name": "hat"}, 2: {"id": 2, "name": "scarf"}}


@auth.verify_token
def verify_token(token):
    if token in tokens:
        g.user = tokens[token]
        return True
    return False


@app.route('/')
@auth.login_required
def index():
    return "Hello, {}!".format(g.user)


@app.route('/items')
def list_items():
    return jsonify(list(items.values()))


@app.route('/items/<int:item_id>', methods=['DELETE'])
@auth.login_required
def remove(item_id):
    if item_id not in items:
        return jsonify(error="no such item"), 404
    gone = items.pop(item_id)
    return jsonify(gone)


if __name__ == '__main__':
    app.run()
