"""`backup`: numbered, complete, private, verified."""

import json
import os
import stat

from support import CliCase, main, snapshot


class Backup(CliCase):
    def setUp(self):
        super().setUp()
        self.shop()

    def make(self, *args):
        return json.loads(self.ok("backup", self.project, "--format", "json", *args).stdout)

    def test_files_modes_links(self):
        self.write("run.sh", "#!/bin/sh\n", mode=0o755)
        self.write("private.env", "KEY=1\n", mode=0o600)
        self.write(".gitignore", "*.log\n")
        self.write("debug.log", "x\n")
        os.symlink("app.py", os.path.join(self.project, "main.py"))
        before = snapshot(self.project)
        backup = self.make()
        self.assert_untouched(before)
        with open(os.path.join(backup["path"], "manifest.json")) as file:
            manifest = json.load(file)
        modes = {entry["path"]: entry["mode"] for entry in manifest["files"]}
        self.assertEqual(modes["run.sh"], 0o755)
        self.assertEqual(modes["private.env"], 0o600)
        self.assertNotIn("debug.log", modes)
        self.assertEqual(manifest["links"], [{"path": "main.py", "target": "app.py"}])
        for parent, folders, files in os.walk(backup["path"]):
            self.assertEqual(stat.S_IMODE(os.stat(parent).st_mode), 0o700, parent)
            for name in files:
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(parent, name)).st_mode), 0o600, name)

    def test_numbers_grow_and_backups_stay(self):
        first = self.make()
        content = snapshot(first["path"])
        self.write("app.py", "x = 2\n")
        second = self.make()
        self.assertEqual((first["number"], second["number"]), (1, 2))
        self.assertEqual(content, snapshot(first["path"]))
        listed = json.loads(self.ok("backup", self.project, "--list", "--format", "json").stdout)["backups"]
        self.assertEqual([entry["number"] for entry in listed], [1, 2])

    def test_verify_finds_each_kind_of_damage(self):
        backup = self.make()
        self.ok("backup", self.project, "--verify")
        for path in ("files/app.py", "manifest.json"):
            full = os.path.join(backup["path"], path)
            with open(full, "rb") as file:
                good = file.read()
            with open(full, "wb") as file:
                file.write(good[:-1] + b"X")
            self.fails(3, "backup", self.project, "--verify", message=path)
            os.remove(full)
            self.fails(3, "backup", self.project, "--verify", message=path)
            with open(full, "wb") as file:
                file.write(good)
        self.ok("backup", self.project, "--verify")

    def test_folder_of_choice(self):
        self.assertTrue(self.make("--backup-dir", "mine")["path"].startswith(os.path.join(self.base, "mine")))
        self.fails(1, "backup", self.project, "--backup-dir", os.path.join(self.project, "x"), message="inside")

    def test_unreadable_file_is_an_error_not_a_gap(self):
        from test_bad_input import CAN_DROP_PRIVILEGES, NOBODY
        if not CAN_DROP_PRIVILEGES:
            self.skipTest("needs root and setpriv")
        self.write("secret.txt", "x\n", mode=0o600)
        target = os.path.join(self.base, "nobodys")
        os.mkdir(target)
        os.chmod(target, 0o777)
        self.fails(2, "backup", self.project, "--backup-dir", os.path.join(target, "b"), prefix=NOBODY,
                   message="secret.txt")
        self.assertEqual(snapshot(target), {})


if __name__ == "__main__":
    main()
