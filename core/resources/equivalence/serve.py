"""Serves an application on a loopback port, for `covetpy-migrate test --equivalence`.

    serve.py PORT KIND MODULE ATTRIBUTE PATH...

KIND is "asgi", "wsgi", "any" (told by looking at the object), "factory" (the attribute is called first) or
"main": MODULE is a file that is run as a script, and the port that it asks for is replaced. PATHs go to the
front of sys.path.
"""

import contextlib
import importlib
import importlib.util
import inspect
import os
import re
import runpy
import socket
import sys

MISSING_SERVER = 71
MISSING_PACKAGE = 72


def fail(code, message):
    print("covetpy-migrate: " + message, file=sys.stderr, flush=True)
    sys.stdout.flush()
    os._exit(code)


@contextlib.contextmanager
def without_servers():
    """A module that starts its own server when it is imported goes on to its end."""
    replaced = []
    for package, owner, name in (("flask", "Flask", "run"), ("uvicorn", "", "run"), ("waitress", "", "serve")):
        try:
            found = importlib.import_module(package)
        except ImportError:
            continue
        holder = getattr(found, owner) if owner else found
        replaced.append((holder, name, getattr(holder, name)))
        setattr(holder, name, lambda *args, **kwargs: None)
    try:
        yield
    finally:
        for holder, name, value in replaced:
            setattr(holder, name, value)


def file_of(module):
    try:
        return importlib.util.find_spec(module).origin or ""
    except (AttributeError, ImportError, ValueError):
        return ""


def starts_server(path):
    if not os.path.isfile(path):
        return False
    with open(path, encoding="utf-8", errors="replace") as file:
        return re.search(r"^\S*(run|serve)\(", file.read(), re.MULTILINE) is not None


def load(module, attribute):
    try:
        path = file_of(module)
        # A script finds what lies beside it.
        sys.path.append(os.path.dirname(path))
        with without_servers() if starts_server(path) else contextlib.nullcontext():
            value = importlib.import_module(module)
    except ModuleNotFoundError as error:
        import traceback

        traceback.print_exc()
        fail(MISSING_PACKAGE, "missing module: " + str(error.name))
    for name in attribute.split("."):
        value = getattr(value, name)
    return value


def is_wsgi(app):
    if hasattr(app, "wsgi_app"):
        return True
    if hasattr(app, "router") or inspect.iscoroutinefunction(app) or inspect.isclass(app):
        return False
    if inspect.iscoroutinefunction(getattr(app, "__call__", None)):
        return False
    try:
        names = list(inspect.signature(app).parameters)
    except (TypeError, ValueError):
        return False
    return len(names) == 2 and names[0] != "receive"


def serve_wsgi(app, port):
    try:
        if not hasattr(app, "wsgi_app"):  # what the program itself serves, and not Flask
            raise ImportError
        from werkzeug.serving import make_server
    except ImportError:
        from socketserver import ThreadingMixIn
        from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

        class Server(ThreadingMixIn, WSGIServer):
            daemon_threads = True

        server = Server(("127.0.0.1", port), WSGIRequestHandler)
        server.set_app(app)
        server.serve_forever()
    else:
        make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def serve_asgi(app, port):
    try:
        import uvicorn
    except ImportError:
        serve_with_hypercorn(app, port)
        return
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False)


def serve_with_hypercorn(app, port):
    try:
        from hypercorn.asyncio import serve
        from hypercorn.config import Config
    except ImportError:
        fail(MISSING_SERVER, "neither uvicorn nor hypercorn is installed for " + sys.executable)
    import asyncio

    config = Config()
    config.bind = ["127.0.0.1:%d" % port]
    asyncio.run(serve(app, config))


def run_script(path, port):
    """A script chooses its port itself: the first address that it listens on becomes ours."""
    bind = socket.socket.bind
    taken = []

    def redirected(self, address):
        is_inet = self.family in (socket.AF_INET, socket.AF_INET6) and self.type & socket.SOCK_STREAM
        if is_inet and not taken and isinstance(address, tuple) and address[1] != 0:
            taken.append(address)
            address = ("127.0.0.1" if self.family == socket.AF_INET else "::1", port) + tuple(address[2:])
        return bind(self, address)

    socket.socket.bind = redirected
    os.environ["PORT"] = str(port)
    sys.argv = [path]
    runpy.run_path(path, run_name="__main__")


def main():
    port, kind, module, attribute = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    # The folder of this file is of no concern to the application.
    sys.path[:] = sys.argv[5:] + sys.path[1:]
    reference = os.environ.pop("COVET_REFERENCE_RUNTIME", "")
    if reference:
        sys.path.append(reference)
    if kind == "main":
        run_script(module, port)
        return
    app = load(module, attribute)
    if kind == "factory":
        app, kind = app(), "any"
    if kind == "wsgi" or (kind == "any" and is_wsgi(app)):
        serve_wsgi(app, port)
    else:
        serve_asgi(app, port)


main()
