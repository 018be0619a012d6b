"""An application as a child process, and requests to it."""

import contextlib
import http.client
import json
import os
import select
import signal
import socket
import threading
from pathlib import Path
from typing import NamedTuple

from . import nursery
from .nursery import BOOT_SECONDS

END_SECONDS = 5
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
            try:
                self.channel, self.pid = nursery.spawn(self.folder, self.entry, output)
            except nursery.NurseryError as error:
                raise BootError(str(error)) from error
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
            if not select.select([self.channel], [], [], BOOT_SECONDS)[0]:
                raise BootError(f"{self.entry} did not start within {BOOT_SECONDS} s\n{self.output()}")
            chunk = self._printed()
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

    def _printed(self):
        """What the application prints next; nothing once it has ended."""
        try:
            return self.channel.recv(65536)
        except ConnectionError:
            return b""

    def _drain(self):
        # What the application prints later must not fill the channel and stop it.
        def read():
            while self._printed():
                pass

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()

    def output(self, lines=12):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self.channel.shutdown(socket.SHUT_WR)
        if not self.reader:
            self._drain()
        self.reader.join(END_SECONDS)
        if self.reader.is_alive():
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.reader.join()
        self.channel.close()

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
