"""A table of routes, an error class and the request object that handlers get."""
import json
from urllib.parse import parse_qsl

TABLE = {}


class Problem(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


class Call:
    def __init__(self, scope, raw):
        self.verb = scope["method"]
        self.query = dict(parse_qsl(scope["query_string"].decode()))
        self.raw = raw

    def data(self):
        """The parsed body."""
        return json.loads(self.raw)

    @property
    def asked(self):
        return self.query


def handles(verb, pattern):
    def keep(function):
        TABLE[(verb, pattern)] = function
        return function

    return keep
