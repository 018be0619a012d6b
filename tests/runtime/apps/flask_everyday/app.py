"""What small applications do all day: guards, error classes, conditional answers, addresses, folders of blueprints."""
import hashlib
from functools import wraps

from flask import Flask, Response, abort, g, jsonify, make_response, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import BaseConverter, ValidationError

from pages import bp

app = Flask(__name__)
app.secret_key = "everyday"
notes = [{"id": 1, "title": "Milk & bread", "owner": "ann", "tags": ["home"]}, {"id": 2, "title": "Run", "owner": "bob", "tags": []}]
hits = {}


class Tags(BaseConverter):
    regex = r"[a-z]+(?:\+[a-z]+)*"

    def to_python(self, value):
        if "none" in value:
            raise ValidationError()
        return value.split("+")

    def to_url(self, values):
        return "+".join(values)


app.url_map.converters["tags"] = Tags
app.register_blueprint(bp, url_prefix="/pages")


def needs_name(view):
    @wraps(view)
    def guarded(**kwargs):
        if "name" not in session:
            return redirect(url_for("enter", next=request.path, _anchor="form"))
        return view(**kwargs)
    return guarded


@app.before_request
def look():
    g.asked = request.method


@app.after_request
def tell(response):
    response.headers["X-Asked"] = g.asked
    return response


@app.route("/enter", methods=["GET", "POST"])
def enter():
    if request.method == "GET":
        return "who?"
    session["name"] = request.form["name"]
    return redirect(request.args.get("next") or url_for("all_notes"))


@app.route("/notes")
def all_notes():
    found = jsonify(notes=notes, next=url_for("all_notes", page=2, tag=["a b", "c/d"]), by=url_for("tagged", tags=["x", "y"]))
    found.headers["X-Method"] = request.method
    return found


@app.route("/notes/<title>")
def by_title(title):
    return jsonify([note for note in notes if note["title"] == title])


@app.route("/notes/<int:number>")
def one(number):
    note = next((note for note in notes if note["id"] == number), None)
    if note is None:
        raise NotFound("no note %d" % number)
    answer = make_response(jsonify(note))
    answer.set_etag(hashlib.sha1(note["title"].encode()).hexdigest())
    answer.cache_control.max_age = 60
    return answer.make_conditional(request)


@app.route("/notes/<int:number>.txt")
def as_text(number):
    for note in notes:
        if note["id"] == number:
            return Response(note["title"], mimetype="text/plain")
    abort(404)


@app.route("/notes/mine")
@needs_name
def mine():
    return jsonify([note for note in notes if note["owner"] == session["name"]])


@app.route("/notes/<int:number>/<any(rename, drop):action>", methods=["POST"])
def change(number, action):
    for note in notes:
        if note["id"] == number and action == "rename":
            note["title"] = request.get_json()["title"]
            return note
    return "", 304


@app.route("/tagged/<tags:tags>")
def tagged(tags):
    return jsonify([note["id"] for note in notes if set(tags) & set(note["tags"])])


@app.route("/hits/<name>", methods=["GET", "POST"])
def hit(name):
    if request.method == "GET":
        return jsonify(hits=hits.get(name, 0))
    hits[name] = hits.get(name, 0) + 1
    return jsonify(hits=hits[name])


@app.route("/kinds")
def kinds():
    if request.accept_mimetypes.best_match(["application/json", "application/xml"]) == "application/xml":
        return Response("<notes/>", mimetype="application/xml")
    return jsonify(best=request.accept_mimetypes.best, json="application/json" in request.accept_mimetypes)


@app.route("/caught/<int:status>")
def caught(status):
    try:
        abort(status)
    except NotFound as error:
        return jsonify(missing=error.description)
    except HTTPException as error:
        return jsonify(error=error.name, code=error.code), error.code


@app.errorhandler(405)
def wrong(error):
    return jsonify(allowed=sorted(error.valid_methods), path=request.path), 405


@app.errorhandler(Exception)
def anything(error):
    from werkzeug.exceptions import BadRequest
    if isinstance(error, BadRequest):
        return jsonify(bad=str(error)), 400
    if isinstance(error, HTTPException):
        return jsonify(error=error.name, path=request.path, method=request.method), error.code
    return jsonify(error=type(error).__name__), 500
