"""Books and their authors on a blueprint's Api, written through fields of Flask-RESTful."""
from flask import Blueprint, Flask, request
from flask_restful import Api, Resource, fields, marshal, marshal_with

bp = Blueprint("library", __name__, url_prefix="/v1")
api = Api(bp, prefix="/library", errors={"KeyError": {"message": "something is missing", "status": 409}})

books = [
    {"id": 1, "title": "Dune", "price": 9.5, "author": {"name": "Frank Herbert", "born": 1920}, "tags": ["sf", "desert"]},
    {"id": 2, "title": "Emma", "price": 7, "author": {"name": "Jane Austen", "born": 1775}, "tags": []},
]

author_fields = {"name": fields.String, "year": fields.Integer(attribute="born")}
book_fields = {
    "id": fields.Integer,
    "title": fields.String,
    "price": fields.Fixed(decimals=2),
    "author": fields.Nested(author_fields),
    "tags": fields.List(fields.String),
    "where": fields.Url("library.book"),
    "shelf": fields.String(default="none"),
    "label": fields.FormattedString("{id}: {title}"),
}


def find(book_id):
    return next((book for book in books if book["id"] == book_id), None)


@api.resource("/books")
class Books(Resource):
    @marshal_with(book_fields, envelope="books")
    def get(self):
        word = request.args.get("q", "").lower()
        return [book for book in books if word in book["title"].lower()]

    def post(self):
        data = request.get_json()
        book = {
            "id": max([b["id"] for b in books], default=0) + 1,
            "title": data["title"],
            "price": data.get("price", 0),
            "author": {"name": data.get("author", "unknown"), "born": 0},
            "tags": data.get("tags", []),
        }
        books.append(book)
        return marshal(book, book_fields), 201


class Book(Resource):
    @marshal_with(book_fields)
    def get(self, id):
        book = find(id)
        if book is None:
            return {}, 404, {"X-Missing": str(id)}
        return book

    def delete(self, id):
        book = find(id)
        if book is None:
            return {"message": "no such book"}, 404
        books.remove(book)
        return None, 204


class Broken(Resource):
    def get(self, kind):
        if kind == "value":
            raise ValueError("bad")
        return {"value": {}[kind]}


api.add_resource(Book, "/books/<int:id>")
api.add_resource(Broken, "/broken/<string:kind>")

app = Flask(__name__)
app.register_blueprint(bp)
