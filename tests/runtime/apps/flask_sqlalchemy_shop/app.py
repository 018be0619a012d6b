import os
from flask import Flask, request, jsonify, abort
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, or_

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DB", "sqlite:///shop.db")
app.config["SQLALCHEMY_TRACK_MODIFICATIONS"] = False
db = SQLAlchemy(app)

tags = db.Table("product_tags",
    db.Column("product_id", db.Integer, db.ForeignKey("product.id"), primary_key=True),
    db.Column("tag_id", db.Integer, db.ForeignKey("tag.id"), primary_key=True))


class Tag(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(40), unique=True, nullable=False)


class Category(db.Model):
    __tablename__ = "categories"
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
    products = db.relationship("Product", backref="category", lazy=True, cascade="all, delete-orphan")


class Product(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
    price = db.Column(db.Float, default=0.0)
    category_id = db.Column(db.Integer, db.ForeignKey("categories.id"))
    tags = db.relationship("Tag", secondary=tags, backref=db.backref("products", lazy="dynamic"))

    def to_dict(self):
        return {"id": self.id, "name": self.name, "price": self.price, "category": self.category.name if self.category else None, "tags": [t.name for t in self.tags]}


with app.app_context():
    db.create_all()
    if not Category.query.first():
        c = Category(name="Books")
        db.session.add(c)
        db.session.add(Product(name="Dune", price=9.5, category=c))
        db.session.add(Product(name="Emma", price=7.25, category=c, tags=[Tag(name="classic")]))
        db.session.commit()


@app.route("/products")
def products():
    q = Product.query
    name = request.args.get("name")
    if name:
        q = q.filter(or_(Product.name.ilike(f"%{name}%"), Product.price > 100))
    page = q.order_by(Product.id.desc()).paginate(page=request.args.get("page", 1, type=int), per_page=5, error_out=False)
    return jsonify(items=[p.to_dict() for p in page.items], total=page.total, pages=page.pages)


@app.route("/products/<int:pid>", methods=["GET", "PUT", "DELETE"])
def product(pid):
    p = Product.query.get_or_404(pid)
    if request.method == "PUT":
        data = request.get_json()
        for k in ("name", "price"):
            if k in data:
                setattr(p, k, data[k])
        db.session.commit()
    elif request.method == "DELETE":
        db.session.delete(p)
        db.session.commit()
        return "", 204
    return jsonify(p.to_dict())


@app.route("/products", methods=["POST"])
def add():
    data = request.get_json()
    if Product.query.filter_by(name=data.get("name")).first():
        return jsonify(error="exists"), 409
    p = Product(name=data["name"], price=data.get("price"))
    db.session.add(p)
    db.session.commit()
    return jsonify(p.to_dict()), 201


@app.route("/stats")
def stats():
    rows = db.session.query(Category.name, func.count(Product.id)).outerjoin(Product).group_by(Category.name).all()
    return jsonify({n: c for n, c in rows})


if __name__ == "__main__":
    app.run()
