"""`code -i`: one question for each change that stands for itself; answers typed or piped."""

import os
import pty
import signal
import subprocess
import time

from support import BINARY, CliCase, main, snapshot
from test_selection import TWO_STORES


class Interactive(CliCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", TWO_STORES)

    def answer(self, answers):
        return subprocess.run([BINARY, "code", self.project, "-i"], input=answers, env=self.environment(), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def read(self):
        with open(os.path.join(self.project, "app.py")) as file:
            return file.read()

    def test_change_by_change(self):
        done = self.answer("y\nn\ny\n")  # the application, books, notes
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("books = [", self.read())
        self.assertNotIn("notes = [", self.read())
        self.assertIn("CovetApp()", self.read())

    def test_what_moves_with_a_rejected_application_is_not_asked(self):
        before = snapshot(self.project)
        done = self.answer("n\n")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assert_untouched(before)
        self.assertIn("nothing was written", done.stderr)

    def test_all_and_none(self):
        self.assertEqual(0, self.answer("d\n").returncode)
        self.assertEqual(TWO_STORES, self.read())
        self.assertEqual(0, self.answer("a\n").returncode)
        self.assertNotIn("books = [", self.read())
        self.assertNotIn("notes = [", self.read())

    def test_quit_keeps_what_was_accepted(self):
        self.assertEqual(0, self.answer("y\ny\nq\n").returncode)
        self.assertNotIn("books = [", self.read())
        self.assertIn("notes = [", self.read())

    def test_skipping_the_file(self):
        before = snapshot(self.project)
        self.assertEqual(0, self.answer("s\n").returncode)
        self.assert_untouched(before)

    def test_explain_and_help(self):
        done = self.answer("e\n?\nwhat\nd\n")
        self.assertIn("What it means", done.stderr)
        self.assertIn("skip the file", done.stderr)

    def test_when_the_answers_end_nothing_is_written(self):
        before = snapshot(self.project)
        for answers in ("", "y\n", "y\ny\n"):
            done = self.answer(answers)
            self.assertEqual(2, done.returncode)
            self.assertIn("nothing was changed", done.stderr)
            self.assert_untouched(before)

    def test_on_a_terminal_and_interrupted(self):
        before = snapshot(self.project)
        for keys, code in ((b"y\n\x03", 130), (b"y\nd\n", 0)):
            here, there = pty.openpty()
            process = subprocess.Popen([BINARY, "code", self.project, "-i"], stdin=there, stdout=there, stderr=there,
                                       env=self.environment(TERM="xterm"), start_new_session=True,
                                       preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0))
            os.close(there)
            for key in (keys[:2], keys[2:]):
                text = b""
                while not text.rstrip().endswith(b"q,?]?"):
                    text += os.read(here, 4096)
                os.write(here, key)
            deadline = time.monotonic() + 30
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    os.read(here, 4096)
                except OSError:
                    break
            self.assertEqual(code, process.wait(30))
            if code:
                self.assert_untouched(before)
            os.close(here)
        self.assertIn("CovetApp()", self.read())


if __name__ == "__main__":
    main()
