"""A baseline in continuous integration: new findings fail, known ones do not, and moved lines change nothing."""

import json
import os

from support import CliCase, main
from test_selection import TWO_STORES

FILE = "covetpy-migrate-baseline.json"


class Baseline(CliCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", TWO_STORES)

    def code(self, *args):
        return self.run_cli("baseline", *args).returncode

    def test_new_findings_fail_and_moved_lines_do_not(self):
        self.ok("baseline", "write", self.project)
        self.assertEqual(0, self.code("check", self.project, "--strict"))
        self.write("app.py", "# Moved.\n\n\n" + TWO_STORES)
        self.assertEqual(0, self.code("check", self.project, "--strict"))
        self.write("app.py", TWO_STORES.replace("notes =", "more = [{'id': 1}]\nnotes =") +
                   "\n\n@app.post('/more')\ndef add_more(data: dict):\n    more.append(data)\n")
        done = self.run_cli("baseline", "check", self.project)
        self.assertEqual(10, done.returncode)
        self.assertIn("more", done.stdout)

    def test_stale_entries(self):
        self.ok("baseline", "write", self.project)
        self.write("app.py", TWO_STORES[:TWO_STORES.index('@app.get("/notes")')])
        self.assertEqual(0, self.code("check", self.project))
        self.assertEqual(10, self.code("check", self.project, "--strict"))
        self.ok("baseline", "prune", self.project)
        self.assertEqual(0, self.code("check", self.project, "--strict"))

    def test_new_debt_needs_a_word(self):
        self.write("app.py", TWO_STORES[:TWO_STORES.index('@app.get("/notes")')])
        self.ok("baseline", "write", self.project)
        self.write("app.py", TWO_STORES)
        self.fails(2, "baseline", "write", self.project, message="not in the baseline")
        self.ok("baseline", "write", self.project, "--allow-new")
        self.assertEqual(0, self.code("check", self.project, "--strict"))

    def test_missing_and_damaged_ones_are_errors(self):
        self.fails(2, "baseline", "check", self.project, message="no baseline")
        self.fails(2, "baseline", "prune", self.project, message="no baseline")
        for text in ("", "{}", '{"baseline": "covetpy-migrate/baseline/1", "findings": [1]}', "<<<<<<< HEAD\n"):
            self.write(FILE, text)
            self.fails(2, "baseline", "check", self.project, message="no baseline of this tool")
            self.fails(2, "baseline", "write", self.project, message="no baseline of this tool")

    def test_the_file_is_stable_and_has_no_lines(self):
        self.ok("baseline", "write", self.project)
        with open(os.path.join(self.project, FILE)) as file:
            first = file.read()
        self.write("app.py", "\n\n" + TWO_STORES)
        self.ok("baseline", "write", self.project)
        with open(os.path.join(self.project, FILE)) as file:
            self.assertEqual(first, file.read())
        self.assertTrue(json.loads(first)["findings"])

    def test_other_commands_list_known_findings_as_baselined(self):
        self.ok("baseline", "write", self.project)
        self.write("covetpy-migrate.toml", f'baseline = "{FILE}"\n')
        report = self.json("analyze", self.project)
        totals = report["summary"]["findings"]
        self.assertGreater(totals["baselined"], 0)
        self.assertEqual(totals["total"], sum(totals[k] for k in totals if k != "total"))
        os.remove(os.path.join(self.project, FILE))
        self.fails(2, "analyze", self.project, message="no baseline")

    def test_words(self):
        done = self.fails(1, "baseline", "chek", self.project, message="chek")
        self.assertIn("did you mean check?", done.stderr)


if __name__ == "__main__":
    main()
