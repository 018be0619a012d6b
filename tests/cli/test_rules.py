"""Rules that users write: names, arguments, decorators, patterns; their tests; and what is wrong with them, by name."""

import os

from support import SHOP, CliCase, main

RULES = '''
[[rules]]
id = "acme-fetch"
message = "get is fetch"
from = "acme.http.get"
to = "acme.client.fetch"
arguments = { timeout = "deadline", verbose = false }
safety = "safe"

[[rules.tests]]
name = "imported"
input = """
from acme.http import get

page = get("/", timeout=3, verbose=True)
"""
expected = """
from acme.client import fetch

page = fetch("/", deadline=3)
"""

[[rules.tests]]
name = "another get"
input = """
def get(path, timeout):
    return path


page = get("/", timeout=3)
"""

[[rules]]
id = "acme-open"
message = "$PATH stays open"
pattern = "acme.open($PATH).read()"
replace = "acme.read_text($PATH) + 'x'"
reason = "decodes"

[[rules.tests]]
input = """
import acme as a

text = a.open("b" + name).read().strip()
"""
expected = """
import acme as a

text = (acme.read_text("b" + name) + 'x').strip()
"""

[[rules]]
id = "acme-cached"
message = "nothing is cached any more"
from = "acme.cached"
decorators = true
safety = "safe"

[[rules.tests]]
input = """
import acme


@acme.cached(3)
def f():
    return 1


class C:
    @acme.cached
    @acme.kept
    def g(self):
        return 2
"""
expected = """
import acme


def f():
    return 1


class C:
    @acme.kept
    def g(self):
        return 2
"""
'''


class Rules(CliCase):
    def setUp(self):
        super().setUp()
        self.folder = os.path.join(self.base, "rules")
        os.mkdir(self.folder)

    def rule_file(self, text, name="acme.toml"):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)

    def test_tests_of_a_rule_file(self):
        self.rule_file(RULES)
        done = self.ok("rules", "test", self.folder)
        self.assertIn("4 passed, 0 failed", done.stdout)

    def test_a_failing_test_shows_the_difference(self):
        self.rule_file(RULES.replace("deadline=3", "deadline=4"))
        done = self.run_cli("rules", "test", self.folder)
        self.assertEqual(10, done.returncode)
        self.assertIn("-page = fetch(\"/\", deadline=4)", done.stdout)

    def test_tests_beside_the_file(self):
        self.rule_file('[[rules]]\nid = "a-b"\nmessage = "m"\nfrom = "a.b"\nto = "a.c"\nsafety = "safe"\n')
        self.assertEqual(10, self.run_cli("rules", "test", self.folder).returncode)  # no test
        # The rules of the file alone: what else could be migrated in a case stays.
        for case, text in (("one", "import a\n\na.b()\n"), ("application", SHOP.replace("import json", "import a\nimport json", 1) + "\n\na.b()\n")):
            folder = os.path.join(self.folder, "acme", case)
            os.makedirs(folder)
            for name, content in (("input.py", text), ("expected.py", text.replace("a.b()", "a.c()"))):
                with open(os.path.join(folder, name), "w") as file:
                    file.write(content)
        self.assertIn("2 passed, 0 failed", self.ok("rules", "test", self.folder).stdout)

    def test_changes_settle_with_the_ledger(self):
        self.rule_file(RULES)
        self.write("covetpy-migrate.toml", f'rules = ["{self.folder}"]\n')
        self.write("main.py", 'import acme\nfrom acme.http import get\n\na = get("/", timeout=1)\n'
                              'b = get("/b")  # covet: ignore[acme-fetch] later\nc = acme.open("c").read()\n')
        found = {(f["rule"], f["start"]["line"]): f for f in self.json("analyze", self.project)["findings"]}
        self.assertEqual("fixed", found["acme-fetch", 4]["outcome"])
        self.assertEqual("suppressed", found["acme-fetch", 5]["outcome"])
        self.assertEqual(("offered", "decodes"), (found["acme-open", 6]["outcome"], found["acme-open", 6]["safety_reason"]))
        self.ok("code", self.project, "--write", "--reject", found["acme-fetch", 4]["id"])
        self.ok("code", self.project, "--write", "--accept", found["acme-open", 6]["id"])
        with open(os.path.join(self.project, "main.py")) as file:
            self.assertEqual('import acme\nfrom acme.http import get\n\na = get("/", timeout=1)\n'
                             'b = get("/b")  # covet: ignore[acme-fetch] later\nc = acme.read_text("c") + \'x\'\n',
                             file.read())

    def test_problems_have_a_place(self):
        for text, message, line in (
                ('[[rules]]\nid = "x"\nmessage = "m"\npatern = "f()"\n', "did you mean pattern?", 4),
                ('[[rules]]\nid = "x"\nmessage = "m"\npattern = "f("\n', "no Python", 4),
                ('[[rules]]\nid = "x"\nmessage = "m"\npattern = "f($X)"\nreplace = "g($Y)"\n', "no `$Y`", 5),
                ('[[rules]]\nid = "X"\nmessage = "m"\nfrom = "a.b"\n', "small letters", 2),
                ('[[rules]]\nid = "memory-store"\nmessage = "m"\nfrom = "a.b"\n', "rule of the tool", 2),
                ('[[rules]]\nid = "x"\nmessage = "m"\n', "either", 1),
                ('[[rules]]\nid = [\n', "no TOML", 2)):
            self.rule_file(text)
            done = self.fails(1, "rules", "test", self.folder, message=message)
            self.assertIn(f"acme.toml:{line}", done.stderr)

    def test_versions(self):
        self.rule_file('[[rules]]\nid = "a-b"\nmessage = "m"\nfrom = "a.b"\npackage = "a"\nversions = "<2"\n')
        self.write("main.py", "import a\n\na.b()\n")
        for declared, count in (("", 1), ("a==1.5\n", 1), ("a>=2.1\n", 0), ("b==3\n", 1)):
            self.write("requirements.txt", declared)
            findings = self.json("analyze", self.project, "--rules", self.folder)["findings"]
            self.assertEqual(count, len([f for f in findings if f["rule"] == "a-b"]), declared)


if __name__ == "__main__":
    main()
