"""What is wanted: rules and single findings by name, suppressions, and a ledger whose totals add up in every form."""

import json
import os
import re

from support import CliCase, main, snapshot

TWO_STORES = '''from fastapi import FastAPI

app = FastAPI()
books = [{"id": 1, "title": "Emma"}]
notes = [{"id": 1, "text": "read"}]


@app.get("/books")
def list_books():
    return books


@app.post("/books")
def add_book(data: dict):
    books.append({"id": len(books) + 1, "title": data["title"]})
    return books[-1]


@app.get("/notes")
def list_notes():
    return notes


@app.post("/notes")
def add_note(data: dict):
    notes.append({"id": len(notes) + 1, "text": data["text"]})
    return notes[-1]
'''


class Selection(CliCase):
    def setUp(self):
        super().setUp()
        self.write("app.py", TWO_STORES)

    def report(self, *args):
        return json.loads(self.ok("analyze", self.project, "--format", "json", *args).stdout)

    def finding(self, rule, line):
        return next(f for f in self.report()["findings"] if f["rule"] == rule and f["start"]["line"] == line)

    def read(self, path):
        with open(os.path.join(self.project, path)) as file:
            return file.read()

    def outcomes(self, report):
        return {(f["rule"], f["start"]["line"]): f["outcome"] for f in report["findings"]}

    def test_unknown_rules_are_refused_by_name(self):
        for option in ("--select", "--ignore"):
            done = self.fails(1, "analyze", self.project, option, "COV101,memory-stor", message="memory-stor")
            self.assertIn("did you mean memory-store?", done.stderr)

    def test_unknown_ids_are_refused_by_name(self):
        known = self.finding("COV201", 4)["id"]
        typo = known[:-1] + ("0" if known[-1] != "0" else "1")
        done = self.fails(1, "code", self.project, "--reject", typo, message=typo)
        self.assertIn(known, done.stderr)

    def test_what_nothing_would_change_cannot_be_accepted(self):
        manual = next(f for f in self.report()["findings"] if f["safety"] == "manual")
        self.fails(1, "code", self.project, "--accept", manual["id"], message="no change")

    def test_a_rejected_store_stays_and_the_other_moves(self):
        rejected = self.finding("COV202", 10)
        report = self.report("--reject", rejected["id"])
        outcomes = self.outcomes(report)
        self.assertEqual("skipped", outcomes["COV202", 10])
        self.assertEqual("skipped", outcomes["COV201", 4])
        self.assertEqual("fixed", outcomes["COV201", 5])
        self.assertEqual(["notes"], [t["name"] for t in report["schema"]["tables"]])
        reasons = {f["id"]: f["safety_reason"] for f in report["findings"]}
        self.assertEqual("rejected", reasons[rejected["id"]])
        self.ok("code", self.project, "--write", "--reject", rejected["id"])
        self.assertIn('books = [{"id": 1, "title": "Emma"}]', self.read("app.py"))
        self.assertNotIn("notes = [", self.read("app.py"))

    def test_only_what_is_accepted(self):
        accepted = self.finding("COV201", 5)["id"]
        outcomes = self.outcomes(self.report("--accept", accepted))
        self.assertEqual("fixed", outcomes["COV201", 5])
        self.assertEqual("skipped", outcomes["COV201", 4])
        self.assertEqual("fixed", outcomes["COV108", 3])

    def test_rejecting_the_application_changes_nothing(self):
        before = snapshot(self.project)
        self.ok("code", self.project, "--write", "--reject", self.finding("COV108", 3)["id"])
        after = {path: data for path, data in snapshot(self.project).items() if not path.startswith(".covetpy-migrate")}
        self.assertEqual(before["app.py"], after["app.py"])
        self.assertNotIn("models.py", after)

    def test_ids_survive_moved_lines_and_suppressions(self):
        before = {f["id"] for f in self.report()["findings"]}
        self.write("app.py", "# A shop of books.\n\n" + TWO_STORES.replace("notes = [{", "\n\nnotes  =  [{"))
        self.assertEqual(before, {f["id"] for f in self.report()["findings"]})
        self.write("app.py", TWO_STORES.replace('"read"}]', '"read"}]  # covet: ignore[COV201] a cache'))
        self.assertEqual(before, {f["id"] for f in self.report()["findings"]})

    def test_totals_add_up_in_every_form(self):
        self.write("app.py", TWO_STORES.replace('"read"}]', '"read"}]  # covet: ignore[COV201] a cache'))
        report = self.report("--ignore", "COV109")
        totals = report["summary"]["findings"]
        self.assertEqual(len(report["findings"]), totals["total"])
        self.assertEqual(totals["total"], sum(totals[k] for k in totals if k != "total"))
        self.assertEqual(1, totals["suppressed"])
        self.assertFalse([f for f in report["findings"] if f["rule"] == "COV109"])
        suppressed = next(f for f in report["findings"] if f["outcome"] == "suppressed")
        self.assertEqual("a cache", suppressed["justification"])
        text = self.ok("analyze", self.project, "--ignore", "COV109").stdout
        line = next(line for line in text.splitlines() if re.match(r"\d+ findings: ", line))
        numbers = [int(number) for number in re.findall(r"\d+", line)]
        self.assertEqual(numbers[0], sum(numbers[1:]))
        self.assertEqual(totals["total"], numbers[0])


if __name__ == "__main__":
    main()
