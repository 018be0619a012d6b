"""Counts the requests of each caller, as an extension of a library would."""

import functools

from flask import g, jsonify


class Limiter:
    def __init__(self, app):
        self.app = app
        app.before_request(self.start)

    def start(self):
        g.caller = "anyone"

    def limit(self, rate):
        def decorate(view):
            @functools.wraps(view)
            def limited(*args, **kwargs):
                if rate == 0:
                    return jsonify(error="too many requests"), 429
                return view(*args, **kwargs)

            return limited

        return decorate
