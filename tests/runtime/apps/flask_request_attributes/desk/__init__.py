from flask import Flask

from desk import errors, notes, tickets
from desk.extensions import directory


def create_app():
    app = Flask(__name__)
    app.config["DESK"] = "main"
    directory.init_app(app)
    errors.init_app(app)
    tickets.init_app(app)
    notes.init_app(app)
    return app
