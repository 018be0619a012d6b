from flask import jsonify, request
from flask.views import MethodView

from inventory.data import labels


class LabelView(MethodView):
    def get(self):
        return jsonify(labels)

    def post(self):
        labels.append({"text": request.get_json()["text"]})
        return jsonify(labels[-1]), 201
