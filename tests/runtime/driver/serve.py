"""Runs inside the environment: serves ``module:attribute`` on a free loopback port.

Prints one line of JSON once requests can be sent: port, class of the application, its routes where it
tells them. Ends when its standard input closes, so that no server outlives the test that started it.
"""

import importlib
import inspect
import json
import os
import pathlib
import socket
import sys
import threading

import uvicorn


class Announcing(uvicorn.Server):
    async def startup(self, sockets=None):
        await super().startup(sockets)
        if self.started:
            print(json.dumps(self.announcement), flush=True)


def end_with_parent():
    # Unbuffered: Python refuses to end while a thread holds the lock of a buffered stream.
    while os.read(0, 4096):
        pass
    os._exit(0)


def without_server(module):
    """A Flask application that starts its server when it is imported goes on to its end."""
    file = pathlib.Path(*module.split(".")).with_suffix(".py")
    if file.is_file() and "\napp.run(" in file.read_text():
        import flask

        flask.Flask.run = lambda *_, **__: None


def serve_wsgi(app, name):
    """Flask applications are WSGI: one request after the other, so that both sides see the same order."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_):
            pass

    server = make_server("127.0.0.1", 0, app, request_handler=Quiet)
    print(json.dumps({"port": server.server_port, "application": name, "routes": []}), flush=True)
    server.serve_forever()


def serve_program(app, name):
    """A handler class of http.server, or a WSGI function: in the server of the standard library."""
    from http.server import HTTPServer
    from wsgiref.simple_server import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_):
            pass

    if inspect.isclass(app):
        server = HTTPServer(("127.0.0.1", 0), app)
    else:
        server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    print(json.dumps({"port": server.server_port, "application": name, "routes": []}), flush=True)
    server.serve_forever()


def is_wsgi_function(app):
    return inspect.isfunction(app) and not inspect.iscoroutinefunction(app) and len(inspect.signature(app).parameters) == 2


def main():
    module, _, attribute = sys.argv[1].partition(":")
    sys.path.insert(0, os.getcwd())
    # A driver that went away while the application was imported must not leave it behind either.
    threading.Thread(target=end_with_parent, daemon=True).start()
    without_server(module)
    app = getattr(importlib.import_module(module), attribute or "app")
    if inspect.isclass(app) or is_wsgi_function(app):
        return serve_program(app, f"{app.__module__}.{app.__qualname__}")
    if inspect.isfunction(app) and not inspect.iscoroutinefunction(app):
        app = app()  # a factory
    if type(app).__module__.startswith("flask."):
        return serve_wsgi(app, f"{type(app).__module__}.{type(app).__qualname__}")
    routes = []
    if type(app).__module__.startswith("covetpy."):
        routes = [[method, route.path] for route in app.routes for method in route.methods]
    elif type(app).__module__.startswith("fastapi."):
        routes = [[method, r.path] for r in app.routes if hasattr(r, "dependant") for method in sorted(getattr(r, "methods", None) or ())]
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = Announcing(uvicorn.Config(app, log_level="warning", access_log=False))
    server.announcement = {
        "port": listening.getsockname()[1],
        "application": f"{type(app).__module__}.{type(app).__qualname__}",
        "routes": routes,
    }
    server.run(sockets=[listening])


main()
