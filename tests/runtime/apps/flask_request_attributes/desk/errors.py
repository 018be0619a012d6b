from flask import jsonify
from werkzeug import exceptions
from werkzeug.http import HTTP_STATUS_CODES


class NoToken(exceptions.Unauthorized):
    pass


class NoTicket(exceptions.NotFound):
    pass


def error_response(code, message=None):
    payload = {"error": HTTP_STATUS_CODES.get(code, "Unknown error")}
    if message:
        payload["message"] = message
    response = jsonify(payload)
    response.status_code = code
    return response


def no_token(error):
    return error_response(401, "who are you?")


def no_ticket(error):
    return error_response(404, str(error.description))


def init_app(app):
    app.register_error_handler(NoToken, no_token)
    app.register_error_handler(NoTicket, no_ticket)

    @app.route("/fail/<int:code>")
    def fail(code):
        return error_response(code if 400 <= code < 600 else 500)
