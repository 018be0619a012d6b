from flask import Blueprint, request, jsonify, abort
from flask_login import login_user, logout_user, login_required, current_user
from sqlalchemy.exc import IntegrityError
from .extensions import db
from .models import User

bp = Blueprint("users", __name__)


@bp.route("/", methods=["GET"])
def all_users():
    users = db.session.execute(db.select(User).order_by(User.username)).scalars().all()
    return jsonify([{"id": u.id, "name": u.username, "posts": u.posts.count()} for u in users])


@bp.route("/", methods=["POST"])
def register():
    data = request.get_json(force=True)
    u = User(username=data.get("username"))
    u.set_password(data.get("password", ""))
    db.session.add(u)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        return jsonify(error="taken"), 409
    return jsonify(id=u.id), 201


@bp.route("/login", methods=["POST"])
def log_in():
    data = request.get_json() or {}
    u = User.query.filter_by(username=data.get("username")).one_or_none()
    if u is None or not u.check_password(data.get("password", "")):
        abort(401)
    login_user(u)
    return jsonify(ok=True)


@bp.route("/me")
@login_required
def me():
    return jsonify(name=current_user.username, posts=[p.json() for p in current_user.posts])


@bp.route("/logout")
@login_required
def log_out():
    logout_user()
    return "", 204


@bp.route("/<int:uid>")
def one(uid):
    u = db.get_or_404(User, uid)
    return {"id": u.id, "name": u.username}
