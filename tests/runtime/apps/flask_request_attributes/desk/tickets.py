from flask import Blueprint, g, jsonify, request

from desk.errors import NoTicket, NoToken
from desk.extensions import directory

blueprint = Blueprint("tickets", __name__)

tickets = [
    {"id": 1, "title": "Broken chair", "level": 1, "owner": "ann"},
    {"id": 2, "title": "No coffee", "level": 3, "owner": "ben"},
]

labels = {"1": ["furniture"], "2": []}


@blueprint.before_request
def who():
    name = directory.name_of(request.headers.get("X-Token"))
    if name is None:
        raise NoToken()
    request.user = name
    g.seen = True


@blueprint.before_request
def find_ticket():
    view_args = request.view_args
    if "ticket_id" in view_args:
        for ticket in tickets:
            if ticket["id"] == view_args["ticket_id"]:
                request.found = ticket["id"]
                break
        else:
            raise NoTicket("no ticket %d" % view_args["ticket_id"])


@blueprint.route("/tickets")
def index():
    return jsonify([t for t in tickets if t["owner"] == request.user])


@blueprint.route("/tickets", methods=["POST"])
def create():
    data = request.get_json()
    if "title" not in data:
        return jsonify({"error": "title"}), 400
    ticket = {"id": max([t["id"] for t in tickets], default=0) + 1, "title": data["title"], "level": data.get("level", 1), "owner": request.user}
    tickets.append(ticket)
    return jsonify(ticket), 201


@blueprint.route("/tickets/<int:ticket_id>")
def show(ticket_id):
    for ticket in tickets:
        if ticket["id"] == request.found:
            return jsonify(ticket=ticket, asked_by=request.user, seen=g.seen)
    return jsonify({}), 404


@blueprint.route("/tickets/<int:ticket_id>", methods=["PUT"])
def change(ticket_id):
    for ticket in tickets:
        if ticket["id"] == request.found:
            ticket.update(request.get_json())
            return jsonify(ticket)
    return jsonify({}), 404


@blueprint.route("/tickets/<int:ticket_id>", methods=["PATCH"])
def merge(ticket_id):
    for ticket in tickets:
        if ticket["id"] == request.found:
            ticket |= request.get_json()
            return jsonify(ticket)
    return jsonify({}), 404


@blueprint.route("/tickets/<int:ticket_id>/labels", methods=["GET", "POST"])
def label(ticket_id):
    own = labels.get(str(ticket_id))
    if own is None:
        return jsonify(error="no labels"), 404
    if request.method == "POST":
        own += [request.get_json()["label"]]
    return jsonify(own)


@blueprint.route("/tickets/<int:ticket_id>", methods=["DELETE"])
def remove(ticket_id):
    tickets[:] = [t for t in tickets if t["id"] != request.found]
    return "", 204


def init_app(app):
    app.register_blueprint(blueprint)

    @app.route("/whoami")
    def whoami():
        return jsonify(user=getattr(request, "user", None), known=hasattr(request, "user"))
