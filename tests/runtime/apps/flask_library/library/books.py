from flask import Blueprint, abort, jsonify, request

from .store import books, member_names

bp = Blueprint("books", __name__, url_prefix="/api/books")
loans = Blueprint("loans", __name__, url_prefix="/loans")


def find_book(book_id):
    for book in books:
        if book["id"] == book_id:
            return book
    abort(404, description="no such book")


@bp.route("/", methods=["GET"])
def index():
    return jsonify([dict(book, free=book["copies"] - len(book["lent_to"])) for book in books])


@bp.route("/<int:book_id>")
def show(book_id):
    return jsonify(find_book(book_id))


@bp.route("/", methods=["POST"])
def add():
    data = request.get_json()
    if not data.get("title"):
        abort(400, "a title is needed")
    book = {
        "id": max([b["id"] for b in books], default=0) + 1,
        "title": data["title"],
        "copies": data.get("copies", 1),
        "lent_to": [],
    }
    books.append(book)
    return jsonify(book), 201


@loans.route("/<int:book_id>/<name>", methods=["POST", "DELETE"])
def loan(book_id, name):
    book = find_book(book_id)
    member = member_names.get(name)
    if member is None:
        abort(404)
    if request.method == "POST":
        if len(book["lent_to"]) >= book["copies"]:
            return jsonify(error="all copies are lent"), 409
        book["lent_to"].append(name)
        member["books"] += 1
    else:
        if name not in book["lent_to"]:
            return jsonify(error="not lent to " + name), 409
        book["lent_to"].remove(name)
        member["books"] -= 1
    return jsonify(book=book, member=member)


bp.register_blueprint(loans)
