"""Which files are read: the same as git would take, without environments and caches."""

import os
import random
import subprocess

from support import CliCase, main


class Walk(CliCase):
    def files(self):
        return self.ok("analyze", self.project, "--list-files").stdout.split("\0")[:-1]

    def test_foreign_folders(self):
        self.write("app.py", "x = 1\n")
        self.write("pkg/mod.py", "x = 1\n")
        for folder in ("venv/lib", "env/lib", "node_modules/x", ".git/hooks", "__pycache__", ".tox/py", "pkg/.venv",
                       "x.egg-info", ".covetpy-migrate/runs", "conda/lib"):
            self.write(f"{folder}/mod.py", "x = 1\n")
        self.write("venv/pyvenv.cfg", "")
        self.write("env/pyvenv.cfg", "")
        self.write("conda/conda-meta/history", "")
        self.assertEqual(self.files(), ["app.py", "pkg/mod.py"])

    def test_a_folder_called_env_can_be_code(self):
        self.write("env/settings.py", "x = 1\n")
        self.write("build/steps.py", "x = 1\n")
        self.assertEqual(self.files(), ["build/steps.py", "env/settings.py"])

    def test_data_files_that_the_code_names(self):
        self.write(".gitignore", "data/\n*.json\n")
        self.write("app.py", "import json\nitems = json.load(open('seed/items.json'))\n")
        for path in ("seed/items.json", "package.json", "other.json"):
            self.write(path, "[]")
        self.assertEqual(self.files(), ["app.py", "seed/items.json"])

    def test_computed_data_file_names(self):
        self.write("app.py", "import json\ndef load(n): return json.load(open(f'{n}.json'))\n")
        self.write("a.json", "[]")
        self.assertEqual(self.files(), ["a.json", "app.py"])

    def test_data_in_a_folder_that_is_ignored(self):
        self.write(".gitignore", "data/\ncache/\n*.txt\n")
        self.write("app.py", "import json\nitems = json.load(open('data/items.json'))\nnotes = json.load(open('notes.txt'))\n")
        for path in ("data/items.json", "data/other.json", "data/lib/mod.py", "cache/items.json", "notes.txt", "other.txt"):
            self.write(path, "[]")
        self.assertEqual(self.files(), ["app.py", "data/items.json", "notes.txt"])

    def test_data_files_of_other_names(self):
        self.write("store.py", "import json\nFILE = 'store/tasks.txt'\ndef load(): return json.load(open(FILE))\n")
        self.write("pages.py", "page = open('index.html'), open('app.db'), open('my.log')\n")
        for path in ("store/tasks.txt", "other.txt", "index.html", "my.log"):
            self.write(path, "[]")
        self.write("app.db", "SQLite format 3\0")
        self.assertEqual(self.files(), ["pages.py", "store.py", "store/tasks.txt"])

    def test_text_that_no_module_reads_as_json(self):
        self.write("app.py", "words = open('words.txt').read()\n")
        self.write("words.txt", "[]")
        self.assertEqual(self.files(), ["app.py"])

    def test_repository_around_the_project(self):
        subprocess.run(["git", "init", "-q", self.base], check=True)
        with open(os.path.join(self.base, ".gitignore"), "w") as file:
            file.write("/shop/generated/\nlocal_*.py\n")
        self.write("app.py", "x = 1\n")
        self.write("generated/x.py", "x = 1\n")
        self.write("local_settings.py", "x = 1\n")
        self.assertEqual(self.files(), ["app.py"])

    def test_project_that_its_repository_ignores(self):
        subprocess.run(["git", "init", "-q", self.base], check=True)
        with open(os.path.join(self.base, ".gitignore"), "w") as file:
            file.write("shop/\n")
        self.write("app.py", "x = 1\n")
        self.assertEqual(self.files(), ["app.py"])

    def test_same_as_git(self):
        """Random trees and patterns; `git ls-files` is the judge."""
        subprocess.run(["git", "init", "-q", self.project], check=True)
        names = ["a", "b", "ab", "lib", "x1"]
        pieces = ["a", "b", "*", "?", "a*", "*b", "[ab]", "[!a]", "**", "lib", "x[0-9]", r"\a"]
        for seed in range(40):
            dice = random.Random(seed)
            subprocess.run("rm -rf ./* .gitignore", shell=True, cwd=self.project, check=True)
            folders = [""]
            for _ in range(8):
                folders.append(os.path.join(dice.choice(folders), dice.choice(names)))
            for folder in folders:
                for _ in range(3):
                    self.write(os.path.join(folder, dice.choice(names) + ".py"), "x = 1\n")
            self.write("always.py", "x = 1\n")
            for folder in dice.sample(folders, 3):
                lines = ["# comment", ""]
                for _ in range(3):
                    pattern = "/".join(dice.choice(pieces) for _ in range(dice.randint(1, 3)))
                    pattern += dice.choice(["", "", ".py", "/"])
                    pattern = dice.choice(["", "", "/"]) + pattern
                    lines.append(dice.choice(["", "", "!"]) + pattern + dice.choice(["", "", "  "]))
                self.write(os.path.join(folder, ".gitignore"), "\n".join(lines) + "\n")
            listed = subprocess.run(["git", "ls-files", "-z", "--others", "--exclude-standard"], cwd=self.project,
                                    check=True, stdout=subprocess.PIPE, text=True).stdout.split("\0")
            expected = sorted(path for path in listed if path.endswith(".py"))
            if not expected:
                continue
            self.assertEqual(self.files(), expected, f"seed {seed}")


if __name__ == "__main__":
    main()
