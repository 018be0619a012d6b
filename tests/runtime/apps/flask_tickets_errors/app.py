"""Errors as Flask's handlers make them, a key in front of every request, a header on every answer."""
from flask import Flask, abort, jsonify, make_response, request

app = Flask(__name__)

tickets = [{"id": 1, "subject": "printer", "open": True}, {"id": 2, "subject": "network", "open": False}]
API_KEYS = ["secret-key"]


class InvalidTicket(Exception):
    def __init__(self, message, code=422):
        super().__init__(message)
        self.message = message
        self.code = code


@app.before_request
def check_key():
    if request.path.startswith("/open"):
        return None
    if request.headers.get("X-Api-Key") not in API_KEYS:
        return jsonify({"error": "a key is needed"}), 401


@app.after_request
def add_header(response):
    response.headers["X-Served-By"] = "tickets"
    response.headers.add("Cache-Control", "no-store")
    return response


@app.errorhandler(404)
def not_found(error):
    return jsonify({"error": error.description, "code": 404}), 404


@app.errorhandler(400)
def bad_request(error):
    return make_response(jsonify({"error": str(error)}), 400)


@app.errorhandler(InvalidTicket)
def invalid(error):
    response = jsonify({"error": error.message})
    response.status_code = error.code
    return response


@app.errorhandler(500)
def broken(error):
    return jsonify({"error": "something broke", "name": error.name}), 500


@app.route("/tickets")
def list_tickets():
    wanted = request.args.get("open")
    if wanted is not None:
        return jsonify([t for t in tickets if t["open"] == (wanted == "yes")])
    return jsonify(tickets)


@app.route("/tickets/<int:ticket_id>")
def show_ticket(ticket_id):
    for ticket in tickets:
        if ticket["id"] == ticket_id:
            return jsonify(ticket)
    abort(404, description="no ticket %d" % ticket_id)


@app.route("/tickets", methods=["POST"])
def create_ticket():
    if not request.is_json:
        abort(400)
    data = request.get_json()
    if not isinstance(data, dict) or not data.get("subject"):
        raise InvalidTicket("a subject is needed")
    if data["subject"] == "gone":
        abort(410, "Gone")
    ticket = {"id": tickets[-1]["id"] + 1, "subject": data["subject"], "open": True}
    tickets.append(ticket)
    return jsonify(ticket), 201


@app.route("/tickets/<int:ticket_id>/close", methods=["POST"])
def close_ticket(ticket_id):
    ticket = next(t for t in tickets if t["id"] == ticket_id)
    ticket["open"] = False
    return jsonify(ticket)


@app.route("/open/ping")
def ping():
    return "pong"
