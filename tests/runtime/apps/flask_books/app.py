from flask import Flask, jsonify, request, abort, make_response

app = Flask(__name__)

books = [
    {"id": 1, "title": "Dune", "author": "Herbert", "year": 1965, "read": False},
    {"id": 2, "title": "Emma", "author": "Austen", "year": 1815, "read": True},
]


@app.route("/")
def home():
    return "<h1>Books</h1>"


@app.route("/books", methods=["GET"])
def list_books():
    author = request.args.get("author")
    found = books
    if author:
        found = [b for b in books if b["author"] == author]
    return jsonify({"books": found, "total": len(found)})


@app.route("/books/<int:book_id>", methods=["GET"])
def get_book(book_id):
    book = next((b for b in books if b["id"] == book_id), None)
    if book is None:
        abort(404)
    return jsonify(book)


@app.route("/books", methods=["POST"])
def create_book():
    if not request.json or "title" not in request.json:
        abort(400, description="title is required")
    book = {
        "id": books[-1]["id"] + 1 if books else 1,
        "title": request.json["title"],
        "author": request.json.get("author", ""),
        "year": request.json.get("year"),
        "read": False,
    }
    books.append(book)
    return jsonify({"book": book}), 201


@app.route("/books/<int:book_id>", methods=["PUT"])
def update_book(book_id):
    book = [b for b in books if b["id"] == book_id]
    if len(book) == 0:
        abort(404)
    data = request.get_json()
    book[0]["title"] = data.get("title", book[0]["title"])
    book[0]["read"] = data.get("read", book[0]["read"])
    return jsonify({"book": book[0]})


@app.route("/books/<int:book_id>", methods=["DELETE"])
def delete_book(book_id):
    for b in books:
        if b["id"] == book_id:
            books.remove(b)
            return "", 204
    return {"error": "no such book"}, 404


@app.errorhandler(404)
def not_found(error):
    return make_response(jsonify({"error": "Not found"}), 404)


if __name__ == "__main__":
    app.run(debug=True, port=8000)
