"""Projects that nobody would write: each gets a clear answer, and every byte stays as it was."""

import os
import random
import shutil
import subprocess
import unittest

from support import CliCase, main, snapshot

NOBODY = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
CAN_DROP_PRIVILEGES = os.geteuid() == 0 and shutil.which("setpriv") is not None


class Places(CliCase):
    def each_command(self, code, path, message):
        for args in (["analyze", path], ["code", path, "--write"], ["run", path, "--url", "sqlite:///x.db", "--yes"],
                     ["database", path, "--emit", "sql"], ["dependencies", "--project-path", path],
                     ["backup", path]):
            self.fails(code, *args, message=message)

    def test_no_such_path(self):
        self.each_command(2, os.path.join(self.base, "nowhere"), "nowhere")

    def test_file_instead_of_folder(self):
        self.each_command(2, self.write("app.py", "x = 1\n"), f"give the folder that holds it: {self.project}")

    def test_empty_project(self):
        self.each_command(2, self.project, "no Python files")
        self.assert_untouched({})

    def test_only_ignored_files(self):
        self.write(".gitignore", "*.py\n")
        self.write("app.py", "x = 1\n")
        self.each_command(2, self.project, ".gitignore")

    @unittest.skipUnless(CAN_DROP_PRIVILEGES, "needs root and setpriv")
    def test_no_permission_for_the_folder(self):
        self.shop()
        os.chmod(self.project, 0o700)
        self.fails(2, "analyze", self.project, prefix=NOBODY, message=self.project)

    @unittest.skipUnless(CAN_DROP_PRIVILEGES, "needs root and setpriv")
    def test_no_permission_for_one_file(self):
        self.shop()
        self.write("secret.py", "x = 1\n", mode=0o600)
        report = self.json("analyze", self.project, prefix=NOBODY)
        self.assertEqual(report["summary"]["skipped"], 1)
        self.assertIn("secret.py", [f["file"] for f in report["findings"] if f["rule"] == "COV002"])

    @unittest.skipUnless(CAN_DROP_PRIVILEGES, "needs root and setpriv")
    def test_read_only_project(self):
        self.shop()
        before = snapshot(self.base)
        for args in (["code", self.project, "--write"],
                     ["run", self.project, "--yes", "--url", "sqlite:///shop.db"]):
            self.fails(2, *args, "--backup-dir", "/nonexistent", prefix=NOBODY, message=self.project)
        self.assertEqual(before, snapshot(self.base))

    def test_immutable_file(self):
        self.shop()
        self.needs_changes()
        path = os.path.join(self.project, "app.py")
        if subprocess.run(["chattr", "+i", path], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("the file system does not know immutable files")
        try:
            before = snapshot(self.base)
            self.fails(2, "code", self.project, "--write", message="immutable")
            self.assertEqual(before, snapshot(self.base))
        finally:
            subprocess.run(["chattr", "-i", path], check=True)


class Contents(CliCase):
    """One strange file beside a good application: it is reported, and the rest is still analysed."""

    def strange(self, content, rule, path="strange.py"):
        self.shop()
        self.write(path, content)
        before = snapshot(self.project)
        report = self.json("analyze", self.project)
        found = [f for f in report["findings"] if f["file"] == path]
        if rule:
            self.assertIn(rule, [f["rule"] for f in found])
            self.assertTrue(all(f["message"] for f in found))
        self.assertGreaterEqual(len(report["stores"]), 1)
        self.ok("code", self.project, "--diff")
        self.ok("run", self.project, "--dry-run", "--url", "sqlite:///shop.db")
        self.assert_untouched(before)
        return report

    def test_invalid_utf8(self):
        self.strange(b"# caf\xe9\nname = 'caf\xe9'\n", "COV002")

    def test_utf16(self):
        self.strange("x = 1\n".encode("utf-16"), None)

    def test_utf16_without_mark(self):
        self.strange("x = 1\n".encode("utf-16-le"), "COV002")

    def test_nul(self):
        self.strange(b"x = 1\0\n", "COV002")

    def test_unknown_cookie(self):
        self.strange("# -*- coding: klingon -*-\nx = 1\n", "COV002")

    def test_syntax_error(self):
        self.strange("def broken(:\n    pass\n", "COV001")

    def test_python_2(self):
        self.strange("print 'hello'\nexec 'x'\n", None)

    def test_merge_conflict(self):
        self.strange("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\n", "COV001")

    def test_name_assigned_from_itself(self):
        self.strange("items = []\n\n\ndef add(pid):\n    pid = pid\n    items.append({'id': pid})\n", None)

    def test_empty_and_odd_ends(self):
        self.strange("", None)

    def test_50_megabytes(self):
        self.strange(b"x = 1\n" * (50 * 1024 * 1024 // 6), "COV003")

    def test_deep_nesting(self):
        self.strange("x = " + "[" * 10_000 + "]" * 10_000 + "\n", None)

    def test_deep_blocks(self):
        lines = ["    " * depth + "if True:" for depth in range(1000)]
        self.strange("\n".join(lines) + "\n" + "    " * 1000 + "pass\n", None)

    def test_long_chain(self):
        self.strange("x = " + "+".join(["1"] * 20_000) + "\n", None)

    def test_binary_noise(self):
        self.strange(random.Random(1).randbytes(100_000), None)

    def test_name_that_is_not_utf8(self):
        self.shop()
        with open(os.path.join(os.fsencode(self.project), b"caf\xe9.py"), "wb") as file:
            file.write(b"x = 1\n")
        report = self.json("analyze", self.project)
        self.assertEqual(report["summary"]["skipped"], 1)

    def test_special_files_do_not_block(self):
        self.shop()
        os.mkfifo(os.path.join(self.project, "pipe.py"))
        self.ok("analyze", self.project, timeout=30)
        self.ok("backup", self.project, timeout=30)


class Links(CliCase):
    def test_loops(self):
        self.shop()
        os.symlink(".", os.path.join(self.project, "self"))
        os.symlink("b.py", os.path.join(self.project, "a.py"))
        os.symlink("a.py", os.path.join(self.project, "b.py"))
        os.mkdir(os.path.join(self.project, "deep"))
        os.symlink("..", os.path.join(self.project, "deep", "up"))
        before = snapshot(self.project)
        report = self.json("analyze", self.project)
        self.assertEqual(report["summary"]["files"] - report["summary"]["skipped"], 2)
        self.assertEqual(report["summary"]["skipped"], 4)
        self.assert_untouched(before)

    def test_links_out_of_the_project(self):
        outside = os.path.join(self.base, "outside")
        os.mkdir(outside)
        with open(os.path.join(outside, "other.py"), "w") as file:
            file.write("items = [{'id': 1}]\n")
        before = snapshot(outside)
        self.shop()
        os.symlink(outside, os.path.join(self.project, "linked"))
        os.symlink(os.path.join(outside, "other.py"), os.path.join(self.project, "other.py"))
        report = self.json("analyze", self.project)
        self.assertEqual(report["summary"]["skipped"], 2)
        self.assertEqual([s["name"] for s in report["stores"]], ["products_db"])
        self.ok("code", self.project, "--write")
        self.assertEqual(before, snapshot(outside))

    def test_project_named_by_a_link(self):
        self.shop()
        link = os.path.join(self.base, "link")
        os.symlink(self.project, link)
        direct = self.ok("analyze", self.project, "--format", "json").stdout
        self.assertEqual(self.ok("analyze", link, "--format", "json").stdout, direct)


class ExistingFiles(CliCase):
    def test_existing_models_file_stays(self):
        self.shop()
        self.write("models.py", "class Mine:\n    pass\n")
        self.ok("code", self.project, "--write")
        with open(os.path.join(self.project, "models.py")) as file:
            self.assertEqual(file.read(), "class Mine:\n    pass\n")

    def test_ignored_models_file_stays(self):
        self.shop()
        self.write(".gitignore", "models.py\n")
        self.write("models.py", "class Mine:\n    pass\n")
        self.ok("code", self.project, "--write")
        with open(os.path.join(self.project, "models.py")) as file:
            self.assertEqual(file.read(), "class Mine:\n    pass\n")

    def test_tool_folder_is_a_file(self):
        self.shop()
        self.needs_changes()
        self.write(".covetpy-migrate", "mine\n")
        before = snapshot(self.project)
        self.fails(2, "code", self.project, "--write", message=".covetpy-migrate")
        self.assert_untouched(before)


if __name__ == "__main__":
    main()
