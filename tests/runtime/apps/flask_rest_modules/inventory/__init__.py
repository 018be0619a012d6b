from flask import Blueprint, Flask
from flask_restful import Api

app = Flask(__name__)
api = Api(app)

rooms = Blueprint("rooms", __name__, url_prefix="/v1")
rooms_api = Api(rooms)
app.register_blueprint(rooms)

from inventory.urls import label_rules
