"""Help texts, wrong command lines, and what goes to which stream."""

import json

from support import BINARY, CliCase, main

COMMANDS = ["analyze", "run", "code", "database", "dependencies", "verify", "rollback", "backup", "status", "rules",
            "explain", "schema"]


class Help(CliCase):
    def test_every_command_has_help_with_examples(self):
        listing = self.ok("--help").stdout
        for command in COMMANDS:
            self.assertIn(command, listing)
            text = self.ok(command, "--help").stdout
            self.assertIn(f"Usage: covetpy-migrate {command}", text)
            self.assertIn("Examples:", text)
            self.assertIn(f"  covetpy-migrate {command}", text)
            for option in ("--format", "--quiet", "--no-color"):
                self.assertIn(option, text)
            for line in text.splitlines():
                self.assertLessEqual(len(line), 130, line)

    def test_no_command_shows_the_help(self):
        self.assertEqual(self.ok().stdout, self.ok("--help").stdout)

    def test_version(self):
        self.assertRegex(self.ok("--version").stdout, r"^covetpy-migrate \d+\.\d+\.\d+\n$")


class WrongCommandLines(CliCase):
    def test_unknown_command_suggests(self):
        self.fails(1, "analyse", ".", message="did you mean analyze?")
        self.fails(1, "rolback", message="did you mean rollback?")
        self.fails(1, "xyzzy", message="--help lists the commands")

    def test_unknown_option_suggests(self):
        self.fails(1, "analyze", "--fromat", "json", ".", message="did you mean --format?")
        self.fails(1, "run", "--urll=sqlite:///x.db", message="did you mean --url?")
        self.fails(1, "--verson", message="did you mean --version?")

    def test_wrong_value_missing_value_too_many(self):
        self.fails(1, "analyze", "--format", "xml", message="xml")
        self.fails(1, "analyze", "--format", message="--format")
        self.fails(1, "analyze", "a", "b", message="b")
        self.fails(1, "analyze", "a", "--project-path", "b", message="twice")
        self.fails(1, "explain", message="ID")

    def test_urls(self):
        self.shop()
        self.fails(1, "run", self.project, "--yes", message="needs the URL")
        for url in ("shop.db", "sqlite://shop.db", "oracle://x/y", "postgresql://u:s3cr3t@h:99999/d"):
            done = self.fails(1, "run", self.project, "--yes", "--url", url, message="sqlite:///")
            self.assertNotIn("s3cr3t", done.stdout + done.stderr)

    def test_errors_are_json_when_asked(self):
        for args in (["analyze", "/nowhere"], ["analyze", "--nope"], ["nope"], ["explain", "COV999"]):
            done = self.run_cli(*args, "--format", "json")
            self.assertNotEqual(done.returncode, 0)
            error = json.loads(done.stdout)["error"]
            self.assertEqual(set(error), {"code", "message", "file", "line", "hint"})
            self.assertTrue(error["message"] and error["hint"], error)
            self.assertIn("error: ", done.stderr)

    def test_unknown_target(self):
        self.shop()
        for command in ("code", "analyze", "database", "dependencies"):
            self.fails(1, command, self.project, "--target", "django", message="django")
            self.fails(1, command, self.project, "--target", "django", message="covetpy, fastapi")
        self.fails(1, "code", self.project, "--target", "fastapi", "--vendor-runtime", message="no reference runtime")


class Streams(CliCase):
    def test_json_is_alone_on_stdout(self):
        self.shop()
        report = self.json("analyze", self.project)
        self.assertEqual(next(iter(report)), "report")
        self.assertEqual(report["report"], "covetpy-migrate/report/1")

    def test_quiet(self):
        self.shop()
        done = self.ok("analyze", self.project, "--quiet")
        self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_no_colour_unless_on_a_terminal(self):
        self.shop()
        self.assertNotIn("\x1b", self.ok("analyze", self.project, env=self.environment(TERM="xterm")).stdout)

    def colour_on_a_terminal(self, *args, **env):
        import os
        import pty
        import subprocess
        parent, child = pty.openpty()
        process = subprocess.Popen([BINARY, "analyze", self.shop(), *args], stdin=child, stdout=child, stderr=child,
                                   env=self.environment(TERM="xterm", **env))
        os.close(child)
        text = b""
        while True:
            try:
                part = os.read(parent, 65536)
            except OSError:
                break
            if not part:
                break
            text += part
        os.close(parent)
        self.assertEqual(process.wait(), 0)
        return b"\x1b[1m" in text

    def test_colour(self):
        self.assertTrue(self.colour_on_a_terminal())
        self.assertFalse(self.colour_on_a_terminal("--no-color"))
        self.assertFalse(self.colour_on_a_terminal(NO_COLOR="1"))

    def test_full_disk_on_stdout_is_an_error(self):
        self.shop()
        with open("/dev/full", "w") as full:
            import subprocess
            done = subprocess.run([BINARY, "analyze", self.project, "--format", "json"], stdout=full,
                                  stderr=subprocess.PIPE, env=self.environment())
        self.assertEqual(done.returncode, 6, done.stderr)

    def test_closed_pipe_is_silent(self):
        self.shop()
        import subprocess
        done = subprocess.run(["sh", "-c", f"'{BINARY}' analyze '{self.project}' --format json | head -1"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment())
        self.assertEqual(done.stderr, b"")


class Rules(CliCase):
    def test_rules_and_explain_agree(self):
        listing = self.json("rules")
        self.assertGreater(len(listing["findings"]), 10)
        for entry in listing["findings"]:
            explained = json.loads(self.ok("explain", entry["id"], "--format", "json").stdout)
            self.assertEqual(explained["name"], entry["name"])
            self.assertTrue(explained["text"], f"{entry['id']} has no page in core/resources/findings")
        self.assertIn("COV201", self.ok("explain", "memory-store").stdout)
        self.fails(1, "explain", "COV20", message="did you mean COV20")

    def test_explain_finding(self):
        self.shop()
        findings = self.json("analyze", self.project)["findings"]
        self.assertTrue(findings)
        text = self.ok("explain", findings[0]["id"], self.project).stdout
        self.assertIn(findings[0]["message"], text)


if __name__ == "__main__":
    main()
