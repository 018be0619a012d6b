from flask import Flask, jsonify


def create_app():
    app = Flask(__name__)

    from .books import bp as books_bp
    from .members import members

    app.register_blueprint(books_bp)
    app.register_blueprint(members, url_prefix="/api/members")

    @app.route("/health")
    def health():
        return jsonify({"status": "ok"})

    return app
