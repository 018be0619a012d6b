from flask import request
from flask_restful import Resource
from werkzeug.security import check_password_hash

from inventory.data import keepers, shelves


class Login(Resource):
    def post(self):
        data = request.get_json()
        known = keepers.get(data["name"])
        if known is None or not check_password_hash(known, data["password"]):
            return {"message": "who is that?"}, 401
        return {"name": data["name"]}


class Rooms(Resource):
    def get(self):
        return sorted({shelf["room"] for shelf in shelves.values()})


class Shelf(Resource):
    def get(self, number):
        if number not in shelves:
            return {"message": "no such shelf"}, 404
        return shelves[number]

    def put(self, number):
        data = request.get_json()
        if number not in shelves:
            return {"message": "no such shelf"}, 404
        shelves[number]["room"] = data.get("room", "nowhere")
        return shelves[number]

    def delete(self, number):
        shelves.pop(number, None)
        return "", 204


class Shelves(Resource):
    def get(self):
        return {"rooms": [shelf["room"] for shelf in shelves.values()], "count": len(shelves)}

    def post(self):
        data = request.get_json()
        number = max(shelves, default=0) + 1
        shelves[number] = {"room": data["room"], "boxes": 0}
        return {"number": number}, 201
