#!/usr/bin/env python3
"""Sessions, logins and flashed messages of Flask applications that moved: the same pages and cookies for a client that keeps
its cookies, and a session that began before the migration goes on behind it.

    COVET_BINARY=build/dev/bin/covetpy-migrate tests/runtime/sessions/test_sessions.py
"""

import http.client
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from driver.server import Server  # noqa: E402
from suite import migrate  # noqa: E402

BINARY = str(Path(os.environ["COVET_BINARY"]).resolve())
FIXTURES = HERE.parents[1] / "fixtures"
PAGES = [
    ("GET", "/", None), ("GET", "/dashboard", None), ("GET", "/login", None), ("POST", "/register", "name=ada&password=x"),
    ("GET", "/dashboard", None), ("GET", "/dashboard", None), ("POST", "/recipes", "title=Pie"), ("GET", "/logout", None), ("GET", "/", None),
    ("POST", "/login", "name=ada&password=y"), ("POST", "/login", "name=ada&password=x"), ("GET", "/dashboard", None),
    ("POST", "/register", "password=z"), ("POST", "/register", "name=ada&password=z"), ("GET", "/register", None), ("GET", "/register", None),
]  # fmt: skip
ANN = '{"username": "ann", "password": "pw1"}'
NOTES = [
    ("GET", "/whoami", None), ("GET", "/me", None), ("GET", "/login", None), ("POST", "/login", '{"username": "ann", "password": "no"}'),
    ("POST", "/login", ANN), ("GET", "/me", None), ("POST", "/notes", '{"text": "eggs"}'), ("GET", "/notes", None), ("POST", "/logout", None),
    ("GET", "/notes", None), ("GET", "/whoami", None), ("OPTIONS", "/me", None), ("GET", "/none", None), ("POST", "/login", ANN),
]  # fmt: skip
POINTS = [
    ("GET", "/me", None), ("POST", "/spend", None), ("POST", "/login/1", None), ("POST", "/spend", None), ("GET", "/me", None), ("POST", "/spend", None),
    ("GET", "/out", None), ("GET", "/me", None), ("POST", "/login/2", None), ("POST", "/login/1", None),
]  # fmt: skip


class Client:
    def __init__(self, port, cookies=()):
        self.port, self.cookies = port, dict(cookies)

    def send(self, method, path, body):
        """Status, where to, attributes of the cookies, `Vary` and the page."""
        kind = "application/json" if body and body.startswith("{") else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind} if body else {}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        page, sent = response.read().decode(), []
        for name, value in response.getheaders():
            if name.lower() != "set-cookie":
                continue
            (cookie, _, content), *attributes = [part.strip().partition("=") for part in value.split(";")]
            sent.append((cookie, bool(content), sorted(attribute[0].lower() for attribute in attributes)))
            self.cookies.pop(cookie, None)
            if content:
                self.cookies[cookie] = content
        connection.close()
        return response.status, response.getheader("location"), sent, response.getheader("vary"), page


class Sessions(unittest.TestCase):
    def check(self, target, application="flask/sessions", steps=PAGES, page="/", greeting="Hello ada"):
        work = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, work)
        for form in ("before", "after"):
            shutil.copytree(FIXTURES / application / "input", work / form)
        migrate(BINARY, work / "after", work, target, 2)
        with Server(work / "before", "app:app", work / "log") as before, Server(work / "after", "app:app", work / "log") as after:
            self.assertFalse(after.application.startswith("flask."), after.application)
            known, moved = Client(before.port), Client(after.port)
            for step in steps:
                self.assertEqual(known.send(*step), moved.send(*step), step)
            # Each takes the session that the other one began.
            for theirs, other in ((known, moved), (moved, known)):
                self.assertIn(greeting, Client(other.port, theirs.cookies).send("GET", page, None)[4])
                # The one that outlives sessions is enough, where there is one.
                kept = {name: value for name, value in theirs.cookies.items() if name != "session"}
                if kept:
                    self.assertIn(greeting, Client(other.port, kept).send("GET", page, None)[4])
            forged = {name: value[:-1] + ("A" if value[-1] != "A" else "B") for name, value in moved.cookies.items()}
            self.assertNotIn(greeting, Client(after.port, forged).send("GET", page, None)[4])

    def test_covetpy(self):
        self.check("covetpy")

    def test_fastapi(self):
        self.check("fastapi")

    def test_logins(self):
        for target in ("covetpy", "fastapi"):
            self.check(target, "flask/logins", NOTES, "/whoami", "ann")

    def test_remembered_logins(self):
        for target in ("covetpy", "fastapi"):
            self.check(target, "store/kept_after_login", POINTS, "/me", "ann")


if __name__ == "__main__":
    unittest.main()
