from flask import Flask, jsonify, request

app = Flask(__name__)
users = {"1": {"name": "john"}, "2": {"name": "steve"}}


@app.errorhandler(404)
def not_found(error=None):
    return jsonify(status=404, message="Not Found: " + request.path), 404


@app.route("/users", methods=["GET"])
def all_users():
    return jsonify(users)


@app.route("/users/<userid>", methods=["GET"])
def one_user(userid):
    if userid in users:
        return jsonify({userid: users[userid]})
    return not_found()


@app.route("/users", methods=["POST"])
def add_user():
    users[str(len(users) + 1)] = {"name": request.json["name"]}
    return all_users()
