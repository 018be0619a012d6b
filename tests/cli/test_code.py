"""`code`: read-only unless asked, a patch that git and patch accept, all files or none, undone byte for byte."""

import json
import os
import shutil
import subprocess
import time

from support import SHOP, CliCase, main, snapshot


class ReadOnly(CliCase):
    def test_nothing_is_written_unless_asked(self):
        self.shop()
        before = snapshot(self.base)
        for args in (["analyze"], ["code"], ["code", "--diff"], ["dependencies"], ["dependencies", "--diff"],
                     ["database"], ["database", "--emit", "sql"], ["database", "--emit", "models"],
                     ["database", "--emit", "json"], ["status"], ["backup", "--list"],
                     ["run", "--dry-run", "--url", "sqlite:///shop.db"],
                     ["database", "--dry-run", "--url", "sqlite:///shop.db"]):
            for form in ("text", "json"):
                self.ok(args[0], self.project, *args[1:], "--format", form)
        self.assertEqual(before, snapshot(self.base))

    def patched(self, tool, source=SHOP):
        """The project after its patch was applied with `tool`, and after `code --write`."""
        self.write("app.py", source)
        self.write("requirements.txt", "covet==0.1.0")  # no newline at the end
        self.needs_changes()
        copy = os.path.join(self.base, "copy")
        shutil.copytree(self.project, copy)
        patch = self.ok("code", self.project, "--diff", text=False).stdout
        subprocess.run(tool, input=patch, cwd=copy, check=True, stdout=subprocess.DEVNULL)
        self.ok("code", self.project, "--write")
        shutil.rmtree(os.path.join(self.project, ".covetpy-migrate"))
        self.assertEqual(snapshot(copy), snapshot(self.project))

    def test_git_apply(self):
        self.patched(["git", "apply", "-"])

    def test_patch(self):
        self.patched(["patch", "-p1", "-s"])

    def test_git_apply_with_crlf(self):
        self.patched(["git", "apply", "-"], SHOP.replace("\n", "\r\n"))


class Write(CliCase):
    def setUp(self):
        super().setUp()
        self.shop()
        self.needs_changes()

    def test_write_then_rollback(self):
        os.chmod(os.path.join(self.project, "app.py"), 0o750)
        os.utime(os.path.join(self.project, "app.py"), ns=(1_600_000_000_000_000_000, 1_600_000_000_123_456_789))
        before = snapshot(self.project)
        self.ok("code", self.project, "--write")
        after = snapshot(self.project)
        self.assertNotEqual(before["app.py"], after["app.py"])
        self.assertEqual(after["app.py"][1], 0o750)
        self.assertEqual(after[".covetpy-migrate"][1], 0o700)
        self.ok("rollback", self.project, "--dry-run")
        self.assertEqual(after, snapshot(self.project))
        self.ok("rollback", self.project)
        self.assert_untouched(before)
        self.assertEqual(os.stat(os.path.join(self.project, "app.py")).st_mtime_ns, 1_600_000_000_123_456_789)
        self.fails(2, "rollback", self.project, message="no run")

    def test_second_run_has_nothing_to_do(self):
        self.ok("code", self.project, "--write")
        after = snapshot(self.project)
        second = self.ok("code", self.project, "--write")
        self.assertIn("nothing to do", second.stdout)
        self.assertEqual(after, snapshot(self.project))
        self.assertEqual(self.json("code", self.project)["changes"], [])

    def test_rollback_refuses_after_an_edit(self):
        before = snapshot(self.project)
        self.ok("code", self.project, "--write")
        with open(os.path.join(self.project, "app.py"), "a") as file:
            file.write("\n# mine\n")
        edited = snapshot(self.project)
        self.fails(2, "rollback", self.project, message="app.py")
        self.assertEqual(edited, snapshot(self.project))
        result = json.loads(self.ok("rollback", self.project, "--force", "--format", "json").stdout)
        kept = [os.path.join(self.project, path) for path in result["kept"]]
        self.assertEqual(len(kept), 1)
        with open(kept[0]) as file:
            self.assertTrue(file.read().endswith("# mine\n"))
        shutil.rmtree(os.path.join(self.project, ".covetpy-migrate"))
        self.assert_untouched(before)

    def test_rollback_refuses_when_a_created_file_was_edited(self):
        before = set(snapshot(self.project))
        self.ok("code", self.project, "--write")
        created = sorted(path for path in set(snapshot(self.project)) - before
                         if path.endswith(".py") and not path.startswith(".covet"))
        self.assertTrue(created)
        with open(os.path.join(self.project, created[0]), "a") as file:
            file.write("# mine\n")
        self.fails(2, "rollback", self.project, message=created[0])

    def test_rollback_after_a_file_was_removed(self):
        before = snapshot(self.project)
        self.ok("code", self.project, "--write")
        created = sorted(set(snapshot(self.project)) - set(before))
        os.remove(os.path.join(self.project, next(path for path in created if path.endswith(".py"))))
        self.ok("rollback", self.project)
        self.assert_untouched(before)

    def test_damaged_journal_is_refused(self):
        self.ok("code", self.project, "--write")
        journal = os.path.join(self.project, ".covetpy-migrate/runs/0001/journal.jsonl")
        with open(journal, "rb") as file:
            lines = file.read().split(b"\n")
        lines[1] = lines[1].replace(b'"backup"', b'"backuq"', 1)
        with open(journal, "wb") as file:
            file.write(b"\n".join(lines))
        after = snapshot(self.project)
        for command in ("rollback", "status"):
            self.fails(6, command, self.project, message="journal.jsonl:2")
        self.assertEqual(after, snapshot(self.project))

    def test_damaged_copy_falls_back_to_the_backup(self):
        before = snapshot(self.project)
        self.ok("code", self.project, "--write")
        copies = os.path.join(self.project, ".covetpy-migrate/runs/0001/before")
        for name in os.listdir(copies):
            with open(os.path.join(copies, name), "ab") as file:
                file.write(b"rot")
        self.ok("rollback", self.project)
        self.assert_untouched(before)

    def test_two_damaged_copies_are_refused(self):
        self.ok("code", self.project, "--write", "--no-backup")
        copies = os.path.join(self.project, ".covetpy-migrate/runs/0001/before")
        for name in os.listdir(copies):
            os.remove(os.path.join(copies, name))
        after = snapshot(self.project)
        self.fails(3, "rollback", self.project, message="no backup")
        self.assertEqual(after, snapshot(self.project))

    def test_only_one_process_at_a_time(self):
        import fcntl
        folder = os.open(self.project, os.O_RDONLY)
        fcntl.flock(folder, fcntl.LOCK_EX)
        before = snapshot(self.project)
        for args in (["code", "--write"], ["rollback"], ["run", "--yes", "--url", "sqlite:///x.db"]):
            self.fails(7, args[0], self.project, *args[1:], message=str(os.getpid()))
        self.assert_untouched(before)
        os.close(folder)
        self.ok("code", self.project, "--write")

    def test_no_home(self):
        env = self.environment()
        del env["XDG_STATE_HOME"]
        env["HOME"] = "/nonexistent"
        before = snapshot(self.project)
        self.ok("code", self.project, "--write", env=env)
        self.ok("rollback", self.project, env=env)
        leftover = [path for path in snapshot(self.project) if "/files" not in path and path not in before]
        self.assertTrue(all(path.startswith(".covetpy-migrate") for path in leftover), leftover)

    def test_disk_full(self):
        """A file size limit stands in for a full disk: backups, journal and code run into it."""
        before = snapshot(self.project)
        for blocks in (0, 1, 2, 4):
            done = self.run_cli("code", self.project, "--write",
                                prefix=["bash", "-c", f'ulimit -f {blocks}; exec "$0" "$@"'])
            if done.returncode == 0:
                self.ok("rollback", self.project)
            else:
                self.assertEqual(done.returncode, 6, done.stderr)
            self.assert_untouched(before)

    def test_umask_and_new_files(self):
        before = snapshot(self.project)
        self.ok("code", self.project, "--write", prefix=["sh", "-c", 'umask 077; exec "$0" "$@"'])
        for path, entry in snapshot(self.project).items():
            if path not in before and entry[0] == "file":
                self.assertEqual(entry[1] & 0o077, 0, path)
        self.assertEqual(snapshot(self.project)["app.py"][1], before["app.py"][1])

    def test_sub_folders_are_made_and_removed(self):
        before = snapshot(self.project)
        self.ok("code", self.project, "--write", "--vendor-runtime")
        self.assertIn("covetpy/__init__.py", snapshot(self.project))
        second = self.ok("code", self.project, "--write", "--vendor-runtime")
        self.assertIn("nothing to do", second.stdout)
        time.sleep(0.01)
        self.ok("rollback", self.project)
        self.assert_untouched(before)


if __name__ == "__main__":
    main()
