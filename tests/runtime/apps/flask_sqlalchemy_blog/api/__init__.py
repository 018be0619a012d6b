from flask import Flask, jsonify
from .config import Config
from .extensions import db, migrate, login


def create_app(config=Config):
    app = Flask(__name__)
    app.config.from_object(config)
    db.init_app(app)
    migrate.init_app(app, db)
    login.init_app(app)
    from . import models
    from .users import bp as users_bp
    from .posts import bp as posts_bp
    app.register_blueprint(users_bp, url_prefix="/users")
    app.register_blueprint(posts_bp, url_prefix="/posts")

    @app.errorhandler(404)
    def nf(e):
        return jsonify(error="not found"), 404

    with app.app_context():
        db.create_all()
        models.seed()
    return app
