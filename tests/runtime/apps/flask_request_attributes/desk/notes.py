from functools import wraps

from flask import Blueprint, jsonify, make_response, request
from flask_restful import Api, Resource

from desk.extensions import directory

blueprint = Blueprint("notes", __name__, url_prefix="/api")
api = Api(blueprint)

notes = [{"id": 1, "text": "buy paper", "author": "ben"}]


def user_required(f):
    @wraps(f)
    def decorated(self, *args, **kwargs):
        user = directory.name_of(request.headers.get("X-Token"))
        if user is None:
            return make_response(jsonify({"message": "no token"}), 401)
        return f(self, user, *args, **kwargs)

    return decorated


def named_user(f):
    def decorated(*args, **kwargs):
        return f(current_user=directory.name_of(request.headers.get("X-Token")), *args, **kwargs)

    return decorated


def user_in_kwargs(f):
    @wraps(f)
    def decorated(*args, **kwargs):
        kwargs["user"] = directory.name_of(request.headers.get("X-Token"))
        kwargs["token"] = request.headers.get("X-Token")
        return f(*args, **kwargs)

    return decorated


def user_required_by_name(f):
    @wraps(f)
    def decorated(*args, **kwargs):
        user = directory.name_of(request.headers.get("X-Token"))
        if user is None:
            return jsonify({"message": "no token"}), 401
        return f(*args, user=user, **kwargs)

    return decorated


class Note(Resource):
    @user_required
    def get(self, user, note_id):
        for note in notes:
            if note["id"] == note_id and note["author"] == user:
                return note
        return {"message": "not yours"}, 404

    @user_in_kwargs
    def delete(self, note_id, **kwargs):
        for note in notes:
            if note["id"] == note_id and note["author"] == kwargs["user"]:
                notes.remove(note)
                return {"removed": note_id, "with": kwargs["token"]}
        return {"message": "not yours"}, 404


class Notes(Resource):
    @named_user
    def get(self, current_user):
        return {"user": current_user, "notes": [n for n in notes if n["author"] == current_user]}

    @user_required
    def put(self, user):
        note = {"id": max([n["id"] for n in notes], default=0) + 1, "text": request.get_json()["text"], "author": user}
        notes.append(note)
        return note, 201


api.add_resource(Notes, "/notes")
api.add_resource(Note, "/notes/<int:note_id>")


def known_only(f):
    def inner(*args, **kwargs):
        if directory.name_of(request.headers.get("X-Token")) is None:
            return jsonify({"message": "who?"}), 403
        return f(*args, **kwargs)

    return inner


@blueprint.route("/ends/<suffix>")
@known_only
def ends(suffix):
    return jsonify(found=[n["id"] for n in notes if n["text"].endswith(suffix)])


@blueprint.route("/names/<prefix>")
@user_required_by_name
def names(prefix, **kwargs):
    return jsonify(user=kwargs["user"], same=str(kwargs["user"]).startswith(prefix))


def init_app(app):
    app.register_blueprint(blueprint)
