"""One Python process that has imported the frameworks, from which every application's process is forked.

Importing them takes longer than most applications answer; a suite boots hundreds of applications. The process
ends with the driver, and every application's process when its channel closes.
"""

import atexit
import json
import os
import select
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE.parent / "python"
BOOT_SECONDS = 60

_lock = threading.Lock()
_control = None


class NurseryError(Exception):
    """The process did not start; the message has what it printed."""


def spawn(folder, entry, log):
    """(channel, pid) of a process that serves ``module:attribute`` in `folder`.

    Its standard input and output are the channel, its errors go to the open file `log`.
    """
    ours, theirs = socket.socketpair()
    with theirs, _lock:
        request = json.dumps({"folder": os.path.realpath(folder), "entry": entry}).encode()
        socket.send_fds(_started(folder), [request], [theirs.fileno(), log.fileno()])
        answer = _control.recv(64)
    if not answer:
        ours.close()
        raise NurseryError("the process that forks applications has ended")
    return ours, int(answer)


def _started(folder):
    global _control
    if _control is None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The environment shows only some folders: this one's surroundings are where the next ones are.
        shared = [str(Path(folder).resolve().parent.parent), os.environ.get("COVET_BIND", "")]
        with theirs, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [str(PYTHON), str(HERE / "serve.py")], stdin=theirs, stdout=subprocess.DEVNULL, stderr=errors,
                env={**os.environ, "COVET_BIND": ":".join(filter(None, shared))},
            )  # fmt: skip
            theirs.close()
            if not select.select([ours], [], [], BOOT_SECONDS)[0] or not ours.recv(64):
                process.kill()
                errors.seek(0)
                raise NurseryError(errors.read().decode(errors="replace")[-2000:])
        atexit.register(lambda: (ours.close(), process.wait()))
        _control = ours
    return _control
