"""What the tests of the command line share: a project in a temporary folder and the real binary."""

import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

BINARY = os.environ.get("COVET_BINARY", "")
KILL_AT = os.environ.get("COVET_KILL_AT_LIBRARY", "")

# A CovetPy 0.1 application in one file: enough for every step of a run to have something to do.
SHOP = '''"""A shop."""
import json
from urllib.parse import parse_qs

routes = {}


def route(path, method="GET"):
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


products_db = [
    {"id": 1, "name": "Desk Lamp", "price": 24.5, "stock": 12},
    {"id": 2, "name": "Trail Shoes", "price": 89.0, "stock": 4},
]


@route("/api/products")
async def list_products(request):
    return {"products": products_db, "total": len(products_db)}


@route("/api/products/{product_id}")
async def get_product(request):
    pid = int(request["params"]["product_id"])
    for p in products_db:
        if p["id"] == pid:
            return p
    return {"error": "Product not found"}, 404


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    request = {
        "method": scope["method"],
        "path": scope["path"],
        "query": {k: v[0] for k, v in parse_qs(scope["query_string"].decode()).items()},
        "params": {},
        "json": json.loads(body) if body else None,
    }
    handler = None
    for (method, pattern), func in routes.items():
        if method != scope["method"]:
            continue
        want, have = pattern.strip("/").split("/"), scope["path"].strip("/").split("/")
        if len(want) != len(have):
            continue
        params = {}
        for w, h in zip(want, have):
            if w.startswith("{"):
                params[w[1:-1]] = h
            elif w != h:
                break
        else:
            handler, request["params"] = func, params
            break
    if handler is None:
        result = ({"error": "Not found"}, 404)
    else:
        result = await handler(request)
    payload, status = result if isinstance(result, tuple) else (result, 200)
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})
'''


def snapshot(folder):
    """Everything below a folder: kind, mode and bytes of each path."""
    found = {}
    for parent, folders, files in os.walk(folder):
        for name in folders + files:
            path = os.path.join(parent, name)
            info = os.lstat(path)
            key = os.path.relpath(path, folder)
            if stat.S_ISLNK(info.st_mode):
                found[key] = ("link", os.readlink(path))
            elif stat.S_ISDIR(info.st_mode):
                found[key] = ("folder", stat.S_IMODE(info.st_mode))
            elif stat.S_ISREG(info.st_mode):
                with open(path, "rb") as file:
                    digest = hashlib.sha256(file.read()).hexdigest()
                found[key] = ("file", stat.S_IMODE(info.st_mode), digest)
            else:
                found[key] = ("special", stat.S_IFMT(info.st_mode))
    return found


class CliCase(unittest.TestCase):
    """Each test gets a folder of its own; the user's home is in it, too."""

    maxDiff = 4000

    def setUp(self):
        self.base = os.path.realpath(tempfile.mkdtemp(prefix="covet-cli-"))
        os.chmod(self.base, 0o755)
        self.addCleanup(self.remove_base)
        self.project = os.path.join(self.base, "shop")
        os.mkdir(self.project)

    def remove_base(self):
        for parent, folders, _ in os.walk(self.base):
            for name in folders:
                path = os.path.join(parent, name)
                if not os.path.islink(path):
                    os.chmod(path, 0o755)
        shutil.rmtree(self.base, ignore_errors=True)

    def write(self, path, content, mode=None):
        full = os.path.join(self.project, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        if mode is not None:
            os.chmod(full, mode)
        return full

    def shop(self):
        self.write("app.py", SHOP)
        self.write("requirements.txt", "covet==0.1.0\n")
        self.write("README.md", "a shop\n")
        return self.project

    def environment(self, **extra):
        env = {
            "PATH": os.environ["PATH"],
            "HOME": os.path.join(self.base, "home"),
            "XDG_STATE_HOME": os.path.join(self.base, "state"),
            "LANG": "C.UTF-8",
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        env.update(extra)
        return env

    def run_cli(self, *args, env=None, stdin=subprocess.DEVNULL, prefix=(), cwd=None, timeout=120, text=True):
        return subprocess.run(
            [*prefix, BINARY, *args], env=env or self.environment(), stdin=stdin, cwd=cwd or self.base,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout, text=text,
            errors="surrogateescape" if text else None)

    def ok(self, *args, **kwargs):
        done = self.run_cli(*args, **kwargs)
        self.assertEqual(done.returncode, 0, f"{args}\n{done.stdout}\n{done.stderr}")
        return done

    def fails(self, code, *args, message="", **kwargs):
        """The command fails with the exit code, and says why and what to do next."""
        done = self.run_cli(*args, **kwargs)
        self.assertEqual(done.returncode, code, f"{args}\n{done.stdout}\n{done.stderr}")
        self.assertIn("error: ", done.stderr)
        self.assertIn("= help: ", done.stderr)
        self.assertIn(message, done.stderr)
        return done

    def json(self, *args, **kwargs):
        return json.loads(self.ok(*args, "--format", "json", **kwargs).stdout)

    def needs_changes(self):
        """A test about writing proves nothing when nothing would be written."""
        self.assertTrue(self.json("code", self.project)["changes"])

    def assert_untouched(self, before):
        self.assertEqual(before, snapshot(self.project))


def main():
    if not BINARY:
        sys.exit("set COVET_BINARY to the program under test")
    unittest.main(verbosity=1)
