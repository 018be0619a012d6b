"""A depot made by a factory; arguments come from everywhere, and a decorator guards what writes."""
from functools import wraps

from flask import Flask, request
import flask_restful
from flask_restful import Resource, inputs
from flask_restful.reqparse import RequestParser

api = flask_restful.Api()
parts = []


def needs_key(function):
    @wraps(function)
    def guarded(*args, **kwargs):
        if request.headers.get("X-Key") != "open":
            return {"zone": "guard", "message": "a key is needed"}, 401
        return function(*args, **kwargs)

    return guarded


create = RequestParser(bundle_errors=True)
create.add_argument("name", required=True, trim=True)
create.add_argument("kind", choices=("bolt", "nut"), default="bolt", help="Bad kind: {error_msg}")
create.add_argument("count", type=inputs.natural, default=0)
create.add_argument("labels", action="append", location="json")
create.add_argument("X-Source", location="headers", dest="source")

search = RequestParser()
search.add_argument("kind", location="args")
search.add_argument("least", type=int, location="args", default=0)
search.add_argument("urgent", type=inputs.boolean, location="args", store_missing=False)


class Parts(Resource):
    def __init__(self, limit):
        self.limit = limit

    def get(self):
        args = search.parse_args()
        self.found = [part for part in parts if part["count"] >= args.least]
        if args["kind"]:
            self.found = [part for part in self.found if part["kind"] == args["kind"]]
        return {"parts": self.found[: self.limit], "urgent": args.get("urgent"), "asked": dict(args)}

    @needs_key
    def post(self):
        args = create.parse_args(strict=True)
        part = {"id": len(parts) + 1, "name": args.name, "kind": args.kind, "count": args.count, "labels": args.labels or []}
        parts.append(part)
        return {**part, "source": args.source}, 201


class Part(Resource):
    def get(self, part_id):
        for part in parts:
            if part["id"] == part_id:
                return part
        flask_restful.abort(404, message="no such part", part=part_id)

    @needs_key
    def patch(self, part_id):
        args = search.parse_args()
        for part in parts:
            if part["id"] == part_id:
                part["count"] = args["least"]
                return part
        flask_restful.abort(404)


def create_app():
    app = Flask(__name__)
    api.add_resource(Parts, "/parts", resource_class_kwargs={"limit": 3})
    api.add_resource(Part, "/parts/<int:part_id>")
    api.init_app(app)
    return app


app = create_app()
