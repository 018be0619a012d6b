from flask import Blueprint, request, jsonify, current_app, url_for
from .extensions import db
from .models import BlogPost, User

bp = Blueprint("posts", __name__)


@bp.get("/")
def index():
    page = request.args.get("page", 1, type=int)
    p = db.paginate(db.select(BlogPost).order_by(BlogPost.id), page=page, per_page=current_app.config["POSTS_PER_PAGE"], error_out=False)
    return jsonify(items=[x.json() for x in p.items], total=p.total, pages=p.pages, next=url_for("posts.index", page=p.next_num) if p.has_next else None, numbers=list(p.iter_pages()))


@bp.get("/legacy")
def legacy():
    p = BlogPost.query.join(User).filter(User.username == request.args.get("user", "ada")).paginate()
    return jsonify(items=[x.json() for x in p], page=p.page, per=p.per_page)


@bp.post("/")
def create():
    data = request.json
    post = BlogPost(title=data["title"], body=data.get("body"), author=User.query.first_or_404())
    db.session.add(post)
    db.session.commit()
    return jsonify(post.json()), 201


@bp.delete("/<int:pid>")
def delete(pid):
    post = BlogPost.query.filter(BlogPost.id == pid).first_or_404(description="no post")
    db.session.delete(post)
    db.session.commit()
    return jsonify(deleted=pid)


@bp.put("/<int:pid>")
def rename(pid):
    n = BlogPost.query.filter_by(id=pid).update({"title": request.json.get("title")})
    db.session.commit()
    return jsonify(changed=n)
