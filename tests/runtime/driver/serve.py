"""Runs inside the environment: forks a process for every application that `nursery.py` asks for.

Each serves ``module:attribute`` on a free loopback port and prints one line of JSON once requests can be sent:
port, class of the application, its routes where it tells them. It ends when its standard input closes, so that
no server outlives the test that started it.
"""

import sys

# The modules beside this one have names that applications use as well.
del sys.path[0]

import importlib  # noqa: E402
import inspect  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import pathlib  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import threading  # noqa: E402
import traceback  # noqa: E402

import uvicorn  # noqa: E402

# What applications and the code written for them import.
IMPORTED_ONCE = """
aiosqlite fastapi fastapi.responses flask sqlalchemy.dialects.sqlite.aiosqlite sqlalchemy.ext.asyncio sqlalchemy.orm
uvicorn.lifespan.on uvicorn.loops.auto uvicorn.protocols.http.auto uvicorn.protocols.websockets.auto werkzeug.serving
wsgiref.simple_server
""".split()


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


def is_wsgi(app):
    """A function or an object of the program that takes `environ` and `start_response`."""
    call = app if inspect.isfunction(app) else getattr(app, "__call__", None)
    if not (inspect.isfunction(app) or (inspect.ismethod(call) and type(app).__module__.split(".")[0] not in ("flask", "fastapi", "covetpy"))):
        return False
    return not inspect.iscoroutinefunction(call) and len(inspect.signature(call).parameters) == 2


def serve(entry):
    module, _, attribute = entry.partition(":")
    sys.path.insert(0, os.getcwd())
    # A driver that went away while the application was imported must not leave it behind either.
    threading.Thread(target=end_with_parent, daemon=True).start()
    without_server(module)
    app = getattr(importlib.import_module(module), attribute or "app")
    if inspect.isclass(app) or is_wsgi(app):
        return serve_program(app, f"{app.__module__}.{getattr(app, '__qualname__', type(app).__qualname__)}")
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


def become_application(order, channel, log):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for descriptor, standard in ((channel, 0), (channel, 1), (log, 2)):
        os.dup2(descriptor, standard)
    os.closerange(3, max(channel, log) + 1)
    try:
        os.chdir(order["folder"])
        sys.argv[1:] = [order["entry"]]
        serve(order["entry"])
    except SystemExit as error:
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(1)


def main():
    for name in IMPORTED_ONCE:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # their ends are nobody's news
    control = socket.socket(fileno=os.dup(0))
    control.send(b"ready")
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, 65536, 2)
        if not order:
            return
        pid = os.fork()
        if pid == 0:
            become_application(json.loads(order), *descriptors)
        control.send(str(pid).encode())
        for descriptor in descriptors:
            os.close(descriptor)


main()
