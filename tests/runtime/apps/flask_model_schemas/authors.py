"""Authors in a database, with schemas that make rows out of what clients send, a cache and limits."""

import os

from flask import Flask, jsonify, request
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_marshmallow import Marshmallow
from flask_sqlalchemy import SQLAlchemy
from marshmallow import ValidationError

app = Flask(__name__)
app.config.update(SQLALCHEMY_DATABASE_URI=os.environ.get("DB", "sqlite:///authors.db"), CACHE_TYPE="SimpleCache")
db = SQLAlchemy(app)
ma = Marshmallow(app)
cache = Cache(app)
limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")


class Author(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
    born = db.Column(db.Integer)
    books = db.relationship("Book", backref="author", order_by="Book.id")


class Book(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(80), nullable=False)
    pages = db.Column(db.Integer, default=10)
    author_id = db.Column(db.Integer, db.ForeignKey("author.id"))


class BookSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Book
        load_instance = True


class AuthorSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Author
        load_instance = True
        sqla_session = db.session

    books = ma.Nested(BookSchema, many=True, dump_only=True)


author_schema, authors_schema, book_schema = AuthorSchema(), AuthorSchema(many=True), BookSchema()

with app.app_context():
    db.create_all()
    if Author.query.count() == 0:
        db.session.add(Author(name="Ida", born=1900, books=[Book(title="Reeds", pages=120)]))
        db.session.commit()


@app.errorhandler(ValidationError)
def invalid(error):
    return jsonify(errors=error.messages), 422


@app.errorhandler(429)
def too_many(error):
    return jsonify(error="slow down"), 429


@app.get("/authors")
def index():
    return authors_schema.jsonify(Author.query.order_by(Author.id).all())


@app.get("/authors/<int:author_id>")
def show(author_id):
    return author_schema.jsonify(db.get_or_404(Author, author_id))


@app.post("/authors")
def create():
    author = author_schema.load(request.get_json())
    db.session.add(author)
    db.session.commit()
    return author_schema.jsonify(author), 201


@app.put("/authors/<int:author_id>")
def change(author_id):
    author = author_schema.load(request.get_json(), instance=db.get_or_404(Author, author_id), partial=True)
    db.session.commit()
    return author_schema.jsonify(author)


@app.post("/authors/<int:author_id>/books")
def add_book(author_id):
    book = book_schema.load(request.get_json(), session=db.session)
    book.author = db.get_or_404(Author, author_id)
    db.session.commit()
    return book_schema.jsonify(book), 201


@app.post("/rare")
@limiter.limit("2 per day")
def rare():
    return jsonify(ok=True)


@app.get("/often")
@cache.cached(timeout=3600)
def often():
    return jsonify(ok=True)
