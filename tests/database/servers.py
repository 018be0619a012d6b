"""What tests of the command line on real servers share: databases of their own, a project, and a proxy that watches."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from urllib.parse import unquote, urlsplit

BINARY = os.environ.get("COVET_BINARY", "")
APP = '''from flask import Flask, jsonify, request

from data import customers, orders

app = Flask(__name__)


@app.route("/customers")
def list_customers():
    return jsonify(customers)


@app.route("/orders", methods=["POST"])
def add_order():
    order = {"id": len(orders) + 1, "customer_id": request.json["customer_id"], "note": request.json["note"], "total": 0.5}
    orders.append(order)
    return jsonify(order)
'''

# What the program says to the server, and seconds after it (None: before the server hears it).
STAGES = {
    "postgresql": [("pg_try_advisory_lock", None), ("pg_try_advisory_lock", 0.0), ("CREATE TABLE", None), ("CREATE TABLE", 0.0),
                   ("COPY [^;]*orders", 0.0), ("COPY [^;]*orders", 0.05), ("ADD PRIMARY KEY|ADD CONSTRAINT", 0.0),
                   ("CREATE INDEX|FOREIGN KEY", 0.0), ("ANALYZE", 0.0), ("(?i)select[^;]*from \"orders\"", 0.0),
                   ("INSERT INTO \"covet_migrations", None), ("INSERT INTO \"covet_migrations", 0.0), ("COMMIT", None),
                   ("COMMIT", 0.0)],
    "mysql": [("GET_LOCK", None), ("GET_LOCK", 0.0), ("CREATE TABLE", None), ("CREATE TABLE", 0.0), ("LOAD DATA", None),
              ("LOAD DATA", 0.0), ("LOAD DATA", 0.05), ("LOAD DATA", 0.3), ("(?i)select[^;]*from `covet_stage", 0.0),
              ("INSERT INTO `covet_stage[^;]*run_id", None), ("INSERT INTO `covet_stage[^;]*run_id", 0.0), ("RENAME TABLE", None),
              ("RENAME TABLE", 0.0), ("RELEASE_", None)],
}


def rows(count):
    return [{"id": n, "customer_id": n % 50 + 1, "note": f"note {n} " + "x" * (n % 40), "total": n * 0.25}
            for n in range(1, count + 1)]


def write_project(folder, count):
    customers = [{"id": n, "name": f"name {n}"} for n in range(1, 51)]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "app.py"), "w") as file:
        file.write(APP)
    with open(os.path.join(folder, "data.py"), "w") as file:
        file.write(f"customers = {customers!r}\norders = [\n")
        file.writelines(f"    {row!r},\n" for row in rows(count))
        file.write("]\n")


class Server:
    """One of the two servers that run.sh has started, or files of SQLite."""

    def __init__(self, kind, folder):
        self.kind = kind
        self.folder = folder
        if kind != "sqlite":
            name = "COVET_TEST_POSTGRES_URL" if kind == "postgresql" else "COVET_TEST_MYSQL_URL"
            if name not in os.environ:
                sys.exit(name + " is not set: start this through tests/database/run.sh")
            self.admin = urlsplit(os.environ[name])

    def create(self, name):
        """The URL of a new database."""
        if self.kind == "sqlite":
            return f"sqlite:////{self.folder[1:]}/{name}.db"
        self.sql(self.admin.geturl(), f"CREATE DATABASE {name}")
        return self.admin._replace(path="/" + name).geturl()

    def drop(self, url):
        if self.kind != "sqlite":
            self.sql(self.admin.geturl(), "DROP DATABASE " + urlsplit(url).path[1:])

    def sql(self, url, statement):
        """Lines of the answer, columns separated by tabs."""
        parts = urlsplit(url)
        if self.kind == "sqlite":
            command, env = [sys.executable, "-c", "import sqlite3, sys\nfor row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):"
                            " print(*row, sep='\\t')", parts.path[1:], statement], None
        elif self.kind == "postgresql":
            command, env = ["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", url, "-c", statement], None
        else:
            command = ["mariadb", "--protocol=tcp", "-h", parts.hostname, "-P", str(parts.port), "-u", parts.username, "-N", "-r",
                       "-e", statement, parts.path[1:]]
            env = dict(os.environ, MYSQL_PWD=unquote(parts.password))
        return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.splitlines()

    def tables(self, url):
        if self.kind == "sqlite":
            path = urlsplit(url).path[1:]
            if not os.path.exists(path):
                return []
            return sorted(self.sql(url, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"))
        schema = "'public'" if self.kind == "postgresql" else "DATABASE()"
        return sorted(self.sql(url, f"SELECT table_name FROM information_schema.tables WHERE table_schema = {schema}"))

    def locks(self, url):
        if self.kind == "postgresql":
            return self.sql(url, "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = "
                                 "(SELECT oid FROM pg_database WHERE datname = current_database())")
        if self.kind == "mysql":
            return [line for line in self.sql(url, "SELECT IS_USED_LOCK(CONCAT('covetpy-migrate:', LEFT(SHA1(DATABASE()), 16)))")
                    if line != "NULL"]
        return []


class Proxy:
    """Hands on what client and server say. When the client says `words` for the `nth` time, it kills the process (or
    sends it another signal, or cuts the connection): before the server hears it, or after that many seconds."""

    def __init__(self, url, words=None, nth=1, after=None, cut=False, signal=signal.SIGKILL):
        self.target = urlsplit(url)
        self.words, self.left, self.after, self.cut, self.signal = words and words.encode(), nth, after, cut, signal
        self.process = None
        self.hit = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.sockets = []
        self.listen()

    def listen(self):
        self.open = True
        self.listener.settimeout(0.2)
        self.accepting = threading.Thread(target=self.accept, daemon=True)
        self.accepting.start()

    @property
    def url(self):
        host = "%s:%s@127.0.0.1:%d" % (self.target.username, self.target.password, self.listener.getsockname()[1])
        return self.target._replace(netloc=host).geturl()

    @property
    def ends(self):
        """Whether nothing is said any more after it."""
        return self.cut or self.signal == signal.SIGKILL

    def accept(self):
        while self.open:
            try:
                client, _ = self.listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            client.settimeout(None)
            server = socket.create_connection((self.target.hostname, self.target.port))
            self.sockets += [client, server]
            threading.Thread(target=self.pump, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self.pump, args=(server, client, False), daemon=True).start()

    def strike(self):
        self.hit.set()
        if self.cut:
            self.close_all()
        else:
            self.process.send_signal(self.signal)
            if self.signal == signal.SIGKILL:
                self.process.wait()

    def pump(self, source, sink, watched):
        tail = b""
        try:
            while data := source.recv(65536):
                strikes = False
                if watched and self.words and not self.hit.is_set():
                    found = re.findall(self.words, tail + data)
                    tail = (tail + data)[-200:] if not found else b""
                    self.left -= len(found)
                    strikes = self.left <= 0 and bool(found)
                if strikes and self.after is None:
                    self.strike()
                    if self.ends:
                        break
                sink.sendall(data)
                if strikes and self.after is not None:
                    time.sleep(self.after)
                    self.strike()
                    if self.ends:
                        break
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close_all(self):
        sockets, self.sockets = self.sockets, []  # those of now: who connects again is let in
        for end in sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def close(self):
        self.open = False
        self.listener.close()
        self.close_all()


class ServerCase(unittest.TestCase):
    maxDiff = 4000
    count = 20000
    tables = ["covet_migrations", "covet_routes", "customers", "orders"]  # after a load
    databases = 0

    def setUp(self):
        self.base = os.path.realpath(tempfile.mkdtemp(prefix="covet-db-"))
        self.addCleanup(shutil.rmtree, self.base, ignore_errors=True)
        self.project = os.path.join(self.base, "shop")
        write_project(self.project, self.count)

    def server(self, kind):
        return Server(kind, self.base)

    def fresh(self, server):
        ServerCase.databases += 1
        return server.create(f"covet_cli_{os.getpid()}_{ServerCase.databases}")

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": os.path.join(self.base, "home"), "LANG": "C.UTF-8",
                "XDG_STATE_HOME": os.path.join(self.base, "state")}

    def start(self, *args):
        return subprocess.Popen([BINARY, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                text=True, env=self.environment(), cwd=self.base)

    def run_cli(self, *args, timeout=120):
        return subprocess.run([BINARY, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout,
                              env=self.environment(), cwd=self.base)

    def load_args(self, url):
        return ["database", self.project, "--url", url, "--yes", "--no-backup"]

    def ok(self, *args):
        done = self.run_cli(*args)
        self.assertEqual(done.returncode, 0, f"{args}\n{done.stdout}\n{done.stderr}")
        return done


def main():
    if not BINARY:
        sys.exit("set COVET_BINARY to the program under test")
    unittest.main(verbosity=1)
