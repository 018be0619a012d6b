"""`test --equivalence` with servers that misbehave; Python's own library is all they need."""

import json
import os
import signal
import subprocess
import sys
import time

from support import BINARY, CliCase, main, snapshot

# The routes of the analysis; the servers below answer them.
APP = '''"""A shop."""
from flask import Flask, jsonify

app = Flask(__name__)
items = [{"id": 1, "name": "Lamp", "price": 2.5}, {"id": 2, "name": "Rope", "price": 4}]


@app.route("/items")
def list_items():
    return jsonify(items)


@app.route("/items/<int:item_id>")
def get_item(item_id):
    for item in items:
        if item["id"] == item_id:
            return jsonify(item)
    return jsonify({"error": "no such item"}), 404
'''

SERVER = '''
import http.server, json, os, random, sys, time, uuid

items = [{"id": 1, "name": "Lamp", "price": 2.5}, {"id": 2, "name": "Rope", "price": 4}]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, value, status=200, kind="application/json", headers=()):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/items":
            return self.listing()
        for item in items:
            if path == "/items/%d" % item["id"]:
                return self.one(item)
        self.answer({"error": "no such item"}, 404)

    def listing(self):
        self.answer(items)

    def one(self, item):
        self.answer(item)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer({"error": "no such method"}, 405)

    do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_POST
    do_HEAD = do_GET

    def log_message(self, *_):
        pass


CHANGES


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
'''


class Equivalence(CliCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", APP)
        self.legacy = os.path.join(self.base, "before")
        os.mkdir(self.legacy)
        with open(os.path.join(self.legacy, "app.py"), "w") as file:
            file.write(APP)
        self.temporary = os.path.join(self.base, "tmp")
        os.mkdir(self.temporary)

    def server(self, name, changes=""):
        path = os.path.join(self.base, name)
        with open(path, "w") as file:
            file.write(SERVER.replace("CHANGES", changes))
        return f"{sys.executable} {path} {{port}}"

    def arguments(self, legacy="", migrated="", *more):
        return ["test", self.project, "--equivalence", "--legacy", self.legacy,
                "--legacy-command", self.server("legacy.py", legacy),
                "--migrated-command", self.server("migrated.py", migrated), *more]

    def compare(self, legacy="", migrated="", *more):
        done = self.run_cli(*self.arguments(legacy, migrated, *more, "--format", "json"),
                            env=self.environment(TMPDIR=self.temporary))
        self.assertIn(done.returncode, (0, 3), done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(report["equal"], done.returncode == 0)
        self.assert_nothing_left()
        return report

    def assert_nothing_left(self):
        self.assertEqual(os.listdir(self.temporary), [])
        left = [pid for pid in os.listdir("/proc") if pid.isdigit() and self.base.encode() in self.command_of(pid)]
        self.assertEqual(left, [])

    @staticmethod
    def command_of(pid):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return file.read()
        except OSError:
            return b""

    def test_equal(self):
        before = snapshot(self.project)
        report = self.compare()
        self.assertEqual(report["report"], "covetpy-migrate/equivalence/1")
        self.assertEqual(report["differences"], [])
        self.assertGreater(report["requests"], 40)
        self.assertIn("GET /items/{item_id}", [route["route"] for route in report["routes"]])
        self.assertEqual(before, snapshot(self.project))

    def test_a_difference_is_shown_with_its_request(self):
        report = self.compare("", "items[0]['price'] = 3")
        difference = report["differences"][0]
        self.assertEqual(difference["details"][0],
                         {"part": "body", "where": "$[0].price", "legacy": "2.5", "migrated": "3"})
        self.assertEqual(difference["request"]["path"], "/items")
        self.assertIn("/items", difference["curl"])
        text = self.run_cli(*self.arguments("", "items[0]['price'] = 3"))
        self.assertEqual(text.returncode, 3)
        self.assertIn("$[0].price: 2.5", text.stdout)

    def test_what_is_different_in_every_run_is_masked(self):
        random = """
def listing(self):
    moment = time.strftime("%Y-%m-%dT%H:%M:%S") + ".%06d" % random.randrange(1, 10**6)
    self.answer([{"id": str(uuid.uuid4()), "at": moment, "took": random.random(), "name": "Lamp"}])
Handler.listing = listing
"""
        report = self.compare(random, random)
        self.assertEqual(report["differences"], [])
        kinds = {place["where"]: place["kind"] for place in report["masked"]}
        self.assertEqual(kinds["$[].id"], "identifier")
        self.assertEqual(kinds["$[].took"], "random")
        self.assertEqual(kinds["$[].at"], "time")
        changed = self.compare(random, random.replace("str(uuid.uuid4())", "7").replace("Lamp", "Rope"))
        self.assertEqual({detail["where"] for difference in changed["differences"] for detail in difference["details"]},
                         {"$[0].id", "$[0].name"})

    def test_hanging(self):
        hang = "def one(self, item): time.sleep(60)\nHandler.one = one"
        report = self.compare(hang, hang, "--answer-timeout", "0.5")
        self.assertEqual(report["differences"], [])
        report = self.compare("", hang, "--answer-timeout", "0.3", "--timeout", "8")
        self.assertEqual(report["differences"][0]["migrated"]["problem"], "timeout")

    def test_no_time_for_a_request(self):
        report = self.compare("time.sleep(1.5)", "", "--timeout", "1")
        self.assertEqual([report["stopped"], report["requests"], report["equal"]], ["timeout", 0, False])

    def test_dying(self):
        die = "def one(self, item): os._exit(9)\nHandler.one = one"
        report = self.compare("", die)
        self.assertEqual(report["stopped"], "migrated-ended")
        self.assertIn("ended with code 9", report["stopped_detail"])
        self.assertFalse(report["equal"])
        report = self.compare(die, die)
        self.assertEqual(report["stopped"], "legacy-ended")

    def test_large_and_binary_answers(self):
        large = """
def listing(self):
    self.answer([{"n": n, "text": "x" * 100} for n in range(9000)])
def one(self, item):
    self.answer(bytes(range(256)) * 10, kind="application/octet-stream")
Handler.listing, Handler.one = listing, one
"""
        self.assertEqual(self.compare(large, large, "--max-requests", "200")["differences"], [])
        report = self.compare(large, large.replace("* 10,", "* 9 + b'!',").replace("9000)", "9000) if n != 4711"),
                              "--max-requests", "200")
        self.assertEqual({d["route"] for d in report["differences"]} & {"GET /items", "GET /items/{item_id}"},
                         {"GET /items", "GET /items/{item_id}"})

    def test_redirects_are_compared_not_followed(self):
        redirect = "Handler.one = lambda self, item: self.answer(b'', 302, headers=[('Location', '/items')])"
        self.assertEqual(self.compare(redirect, redirect)["differences"], [])
        report = self.compare(redirect, redirect.replace("'/items'", "'/elsewhere'"))
        self.assertEqual(report["differences"][0]["details"][0]["where"], "location")

    def test_not_starting(self):
        self.fails(2, *self.arguments("print('no such thing', flush=True); sys.exit(4)"), message="no such thing")
        self.fails(3, *self.arguments("", "sys.exit('broken migration')"), message="broken migration")
        self.fails(2, *self.arguments("time.sleep(60)", "", "--start-timeout", "1"), message="did not listen")
        done = self.fails(2, "test", self.project, "--equivalence", "--legacy", self.legacy, "--python", "/no/such/python",
                          message="/no/such/python")
        self.assertIn("--python", done.stderr)
        self.assert_nothing_left()

    def test_wrong_command_lines(self):
        self.fails(1, "test", self.project, message="which test?")
        self.fails(1, *self.arguments("", "", "--timeout", "soon"), message="--timeout")
        # Without site packages there is no flask, whatever this machine has.
        self.fails(2, "test", self.project, "--equivalence", "--python", "python3 -S -E", message="needs the Python module flask")
        self.write("app.py", "from flask import Flask\nfrom flask_jwt import JWT\n\napp = Flask(__name__)\njwt = JWT(app)\n\n\n"
                             "@app.route('/')\ndef index():\n    return 'x'\n")
        self.fails(2, "test", self.project, "--equivalence", message="the migration would leave")
        self.fails(2, "test", self.project, "--equivalence", "--legacy", self.base + "/nowhere", message="nowhere")

    def test_the_script_alone(self):
        done = self.ok(*self.arguments(), "--list")
        for part in ("GET /items/999999", "GET /items/abc", "unknown path", "requests;"):
            self.assertIn(part, done.stdout)
        script = json.loads(self.ok(*self.arguments(), "--list", "--format", "json").stdout)
        self.assertGreater(len(script["phases"][0]["requests"]), 1)
        self.assertEqual(self.ok(*self.arguments(), "--list").stdout, done.stdout)

    def started(self):
        process = subprocess.Popen([BINARY, *self.arguments("Handler.one = lambda self, item: time.sleep(0.2) or self.answer(item)")],
                                   env=self.environment(TMPDIR=self.temporary), cwd=self.base,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        deadline = time.time() + 30
        while time.time() < deadline:
            servers = [pid for pid in os.listdir("/proc")
                       if pid.isdigit() and b"migrated.py" in self.command_of(pid) and BINARY.encode() not in self.command_of(pid)
                       and self.base.encode() in self.command_of(pid)]
            if servers:
                time.sleep(0.5)
                return process
            time.sleep(0.05)
        self.fail("the applications did not start")

    def test_interrupted(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.started()
            process.send_signal(number)
            process.communicate(timeout=10)
            self.assertEqual(process.returncode, 128 + number)
            self.assert_nothing_left()

    def test_killed(self):
        process = self.started()
        process.kill()
        process.communicate(timeout=10)
        deadline = time.time() + 10
        while time.time() < deadline and any(
                self.base.encode() in self.command_of(pid) for pid in os.listdir("/proc") if pid.isdigit()):
            time.sleep(0.05)
        left = [pid for pid in os.listdir("/proc") if pid.isdigit() and self.base.encode() in self.command_of(pid)]
        self.assertEqual(left, [])


if __name__ == "__main__":
    main()
