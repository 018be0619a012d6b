"""SIGKILL before every change of the disk: afterwards `rollback` restores, and `run` completes.

Every point with COVET_CLI_FULL=1, else a sample of them.
"""

import os
import random
import shutil
import signal
import subprocess
import time
import unittest

from support import BINARY, KILL_AT, CliCase, main, snapshot

POINTS = None if os.environ.get("COVET_CLI_FULL") else 24


@unittest.skipUnless(KILL_AT and "asan" not in KILL_AT, "needs the library that kills")
class Crash(CliCase):
    def setUp(self):
        super().setUp()
        self.shop()
        self.needs_changes()
        self.before = snapshot(self.project)
        self.run_args = ["run", self.project, "--url", "sqlite:///shop.db", "--yes", "--quiet"]

    def killed(self, at, *args):
        """Runs until the at-th change of the disk; True if it was killed there."""
        env = self.environment(LD_PRELOAD=KILL_AT, COVET_KILL_AT=str(at))
        done = self.run_cli(*args, env=env)
        self.assertIn(done.returncode, (0, -signal.SIGKILL), done.stderr)
        return done.returncode != 0

    def changes_of_disk(self, *args):
        count = os.path.join(self.base, "count")
        self.ok(*args, env=self.environment(LD_PRELOAD=KILL_AT, COVET_COUNT_FILE=count))
        with open(count) as file:
            return int(file.read())

    def points(self, total, seed):
        chosen = range(1, total + 1)
        return chosen if POINTS is None else sorted(random.Random(seed).sample(chosen, min(POINTS, total)))

    def content(self):
        """The project without what differs from run to run: ids and times."""
        return {path: entry for path, entry in snapshot(self.project).items()
                if not path.startswith(".covetpy-migrate") and not path.startswith("shop.db")}

    def test_rollback_after_each_kill(self):
        total = self.changes_of_disk(*self.run_args)
        self.ok("rollback", self.project)
        self.assert_untouched(self.before)
        self.assertGreater(total, 50)
        for at in self.points(total, 1):
            with self.subTest(at=at):
                self.killed(at, *self.run_args)
                status = self.run_cli("status", self.project)
                self.assertIn(status.returncode, (0, 8))
                undone = self.run_cli("rollback", self.project)
                if undone.returncode == 2:
                    self.assertIn("no run", undone.stderr)  # killed before there was one
                else:
                    self.assertEqual(undone.returncode, 0, undone.stderr)
                self.assertEqual(self.without_tool_folder(), self.before)

    def without_tool_folder(self):
        """A kill before the first record leaves an empty folder at most; the next run sweeps it."""
        return {path: entry for path, entry in snapshot(self.project).items()
                if not path.startswith(".covetpy-migrate")}

    def test_run_again_after_each_kill(self):
        total = self.changes_of_disk(*self.run_args)
        self.ok("verify", self.project)
        finished = self.content()
        self.ok("rollback", self.project)
        for at in self.points(total, 2):
            with self.subTest(at=at):
                was_killed = self.killed(at, *self.run_args)
                again = self.run_cli(*self.run_args)
                self.assertEqual(again.returncode, 0, f"{was_killed} {again.stderr}")
                self.assertEqual(self.content(), finished)
                self.ok("verify", self.project)
                self.ok("rollback", self.project)
                self.assert_untouched(self.before)

    def test_rollback_killed_and_repeated(self):
        self.ok(*self.run_args)
        saved = os.path.join(self.base, "saved")
        shutil.copytree(self.project, saved, symlinks=True)
        total = self.changes_of_disk("rollback", self.project, "--quiet")
        for at in self.points(total, 3):
            with self.subTest(at=at):
                shutil.rmtree(self.project)
                shutil.copytree(saved, self.project, symlinks=True)
                self.killed(at, "rollback", self.project, "--quiet")
                repeated = self.run_cli("rollback", self.project)
                if repeated.returncode == 2:
                    self.assertIn("no run", repeated.stderr)  # only the removal of its folder was cut short
                else:
                    self.assertEqual(repeated.returncode, 0, repeated.stderr)
                self.assertEqual(self.without_tool_folder(), self.before)


class Signals(CliCase):
    """Ctrl-C and SIGTERM: everything is put back, within two seconds."""

    def setUp(self):
        super().setUp()
        self.shop()
        self.needs_changes()
        # Enough files that the backup takes a moment.
        for number in range(1500):
            self.write(f"static/{number}.txt", "x" * 2000)
        self.before = snapshot(self.project)

    def stop(self, sent, when):
        process = subprocess.Popen([BINARY, "run", self.project, "--url", "sqlite:///shop.db", "--yes"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=self.environment(), text=True)
        self.addCleanup(process.kill)
        line = ""
        while when not in line:
            line = process.stderr.readline()
            self.assertTrue(line, "the run ended early")
        process.send_signal(sent)
        start = time.monotonic()
        _, stderr = process.communicate(timeout=30)
        return process.returncode, stderr, time.monotonic() - start

    def check(self, sent, when):
        code, stderr, seconds = self.stop(sent, when)
        if code == 0:
            self.ok("rollback", self.project)  # it was done before the signal arrived
        else:
            self.assertEqual(code, 128 + sent, stderr)
            self.assertLess(seconds, 5)
            self.assertIn("interrupted", stderr)
        self.assert_untouched(self.before)
        return code

    def test_during_the_backup(self):
        self.assertEqual(self.check(signal.SIGINT, "backup"), 130)
        self.assertEqual(self.check(signal.SIGTERM, "backup"), 143)

    def test_during_the_load(self):
        self.check(signal.SIGINT, "load into")

    def test_during_the_code(self):
        self.check(signal.SIGTERM, "code")


if __name__ == "__main__":
    main()
