"""An application as a child process, and requests to it."""

import http.client
import json
import select
import subprocess
import threading
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / "python"
BOOT_SECONDS = 60
ANSWER_SECONDS = 30


class BootError(Exception):
    """The application did not start; the message has the end of what it printed."""


class Answer(NamedTuple):
    status: int  # 0: the server closed the connection without an answer
    headers: dict  # names in lower case
    body: bytes


class Server:
    """``with Server(folder, "app:app") as server: server.send("GET", "/")``."""

    def __init__(self, folder, entry, log):
        self.folder, self.entry, self.log = Path(folder), entry, Path(log)
        self.reader = None

    def __enter__(self):
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [str(PYTHON), str(HERE / "serve.py"), self.entry],
                cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output,
            )
        try:
            self._await_announcement()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _await_announcement(self):
        # Applications may print while they are imported: the announcement is the line with a port.
        pending = b""
        while True:
            if not select.select([self.process.stdout], [], [], BOOT_SECONDS)[0]:
                raise BootError(f"{self.entry} did not start within {BOOT_SECONDS} s\n{self.output()}")
            chunk = self.process.stdout.read1(65536)
            if not chunk:
                raise BootError(f"{self.entry} ended while it was starting\n{self.output()}")
            pending += chunk
            for line in pending.split(b"\n")[:-1]:
                if line.startswith(b'{"port": '):
                    announcement = json.loads(line)
                    self.port = announcement["port"]
                    self.application = announcement["application"]
                    self.routes = [tuple(route) for route in announcement["routes"]]
                    self._drain()
                    return
            pending = pending.rpartition(b"\n")[2]

    def _drain(self):
        # What the application prints later must not fill the pipe and stop it.
        def read():
            while self.process.stdout.read1(65536):
                pass

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()

    def output(self, lines=12):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.reader:
            self.reader.join()
        self.process.stdout.close()

    def send(self, request):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            # One host for both sides: redirects name it.
            headers = {"Host": "application.test", **request.headers}
            connection.request(request.method, request.path, body=request.body, headers=headers)
            answer = connection.getresponse()
            headers = {}
            own = f"127.0.0.1:{self.port}"  # differs between the two sides
            for name, value in answer.getheaders():
                name, value = name.lower(), value.replace(own, "127.0.0.1")
                headers[name] = f"{headers[name]}, {value}" if name in headers else value
            return Answer(answer.status, headers, answer.read().replace(own.encode(), b"127.0.0.1"))
        except (http.client.HTTPException, ConnectionError, TimeoutError) as error:
            return Answer(0, {}, type(error).__name__.encode())
        finally:
            connection.close()
