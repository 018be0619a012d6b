"""--watch: shown again whenever a file changes, until Ctrl-C; nothing is written."""

import json
import os
import queue
import signal
import subprocess
import threading

from support import BINARY, CliCase, main, snapshot

APP = '''from fastapi import FastAPI

app = FastAPI()
books = [{"id": 1, "title": "Emma"}]


@app.get("/books")
def list_books():
    return books
'''


class Watching:
    """The running command, and its lines with a time-out."""

    def __init__(self, *args):
        self.process = subprocess.Popen([BINARY, *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def report(self):
        return json.loads(self.lines.get(timeout=60))

    def close(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


class Watch(CliCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", APP)

    def watching(self, *args):
        command = Watching(*args)
        self.addCleanup(command.close)
        return command

    def test_each_change_is_one_document(self):
        command = self.watching("analyze", self.project, "--format", "json", "--watch")
        self.assertEqual([s["name"] for s in command.report()["stores"]], ["books"])
        self.write("app.py", APP + '\n\nnotes = [{"id": 1, "text": "read"}]\n\n\n'
                                   '@app.get("/notes")\ndef list_notes():\n    return notes\n')
        self.assertEqual([s["name"] for s in command.report()["stores"]], ["books", "notes"])
        self.write("films.py", APP.replace("books", "films"))
        self.assertEqual(len(command.report()["stores"]), 3)
        os.remove(os.path.join(self.project, "films.py"))
        self.assertEqual(len(command.report()["stores"]), 2)
        before = snapshot(self.project)
        self.assertEqual(command.stop(), 130)
        self.assertEqual(snapshot(self.project), before)

    def test_an_error_does_not_end_it(self):
        self.write("covetpy-migrate.toml", 'target = "fastapi"\n')
        command = self.watching("code", self.project, "--format", "json", "--watch")
        self.assertIn("changes", command.report())
        self.write("covetpy-migrate.toml", 'targat = "fastapi"\n')
        self.assertIn("targat", command.report()["error"]["message"])
        self.write("covetpy-migrate.toml", 'target = "fastapi"\n')
        self.assertIn("changes", command.report())
        command.stop()

    def test_it_ends_when_nobody_reads(self):
        ours, theirs = os.pipe()
        process = subprocess.Popen([BINARY, "analyze", self.project, "--format", "json", "--watch"],
                                   stdout=theirs, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        os.close(theirs)
        with os.fdopen(ours) as output:
            json.loads(output.readline())
        self.write("app.py", APP + "\n")
        self.assertEqual(process.wait(timeout=30), 0)

    def test_what_it_does_not_go_with(self):
        self.fails(1, "analyze", self.project, "--watch", "--format", "sarif", message="one document")
        for option in ("--write", "-i", "--check"):
            self.fails(1, "code", self.project, "--watch", option, message="only shows")


if __name__ == "__main__":
    main()
