"""What other programs read: SARIF that is valid and that code scanning takes, annotations, GitLab, JUnit."""

import json
import os
import unittest
import xml.etree.ElementTree

import jsonschema

from support import CliCase, main
from test_selection import TWO_STORES

SCHEMA = os.path.join(os.path.dirname(__file__), "..", "..", "node_modules", "@microsoft", "jest-sarif", "lib",
                      "schemas", "sarif-2.1.0-rtm.5.json")


class Formats(CliCase):
    def setUp(self):
        super().setUp()
        self.write("a folder/app ü.py", TWO_STORES.replace('"read"}]', '"read"}]  # covet: ignore[COV201] a, "cache"'))
        self.write("keys.py", 'API_KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\nnone = 1  # covet: ignore[COV107] not here\n')
        self.ok("baseline", "write", self.project)
        self.write("more.py", 'API_KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\n')
        self.write("covetpy-migrate.toml", 'baseline = "covetpy-migrate-baseline.json"\n')

    def test_sarif(self):
        document = json.loads(self.ok("analyze", self.project, "--format", "sarif").stdout)
        report = self.json("analyze", self.project)
        with open(SCHEMA) as file:
            schema = json.load(file)
        jsonschema.validators.validator_for(schema)(schema).validate(document)
        run = document["runs"][0]
        results = run["results"]
        self.assertEqual(len(report["findings"]), len(results))
        self.assertEqual(report["summary"]["findings"], run["properties"]["totals"])
        prints = [r["partialFingerprints"]["covetpyMigrateFinding/v1"] for r in results]
        self.assertEqual(sorted(f["id"] for f in report["findings"]), sorted(prints))
        rules = run["tool"]["driver"]["rules"]
        for result in results:
            self.assertEqual(result["ruleId"], rules[result["ruleIndex"]]["id"])
            self.assertEqual(1, len(result["locations"]))
            place = result["locations"][0]["physicalLocation"]["artifactLocation"]
            self.assertEqual("%SRCROOT%", place["uriBaseId"])
            self.assertNotRegex(place["uri"], r"^/|:|\s")
            for fix in result.get("fixes", []):
                self.assertTrue(fix["artifactChanges"][0]["replacements"])
        uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results}
        self.assertIn("a%20folder/app%20%C3%BC.py", uris)
        kinds = sorted({s["kind"] for r in results for s in r.get("suppressions", [])})
        self.assertEqual(["external", "inSource"], kinds)
        self.assertIn('a, "cache"', [s["justification"] for r in results for s in r.get("suppressions", [])])

    def test_fixes_of_sarif_are_those_of_the_tool(self):
        document = json.loads(self.ok("analyze", self.project, "--format", "sarif").stdout)
        [fix] = [r["fixes"][0] for r in document["runs"][0]["results"] if r["ruleId"] == "COV007"]
        region = fix["artifactChanges"][0]["replacements"][0]["deletedRegion"]
        text = fix["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"]
        with open(os.path.join(self.project, "keys.py")) as file:
            lines = file.read().split("\n")
        self.assertEqual((2, 1, 2, len(lines[1]) + 1),
                         tuple(region[k] for k in ("startLine", "startColumn", "endLine", "endColumn")))
        self.assertEqual("none = 1", text)

    def test_annotations(self):
        lines = self.ok("analyze", self.project, "--format", "github").stdout.splitlines()
        self.assertTrue(lines)
        for line in lines:
            self.assertRegex(line, r"^::(warning|notice) file=[^:,]+,line=\d+,col=\d+,title=[^:,]+::\S")
        self.assertTrue([line for line in lines if "more.py" in line and line.startswith("::warning")])
        self.assertFalse([line for line in lines if "keys.py,line=1," in line])  # known

    def test_gitlab_and_junit(self):
        entries = json.loads(self.ok("analyze", self.project, "--format", "gitlab").stdout)
        self.assertEqual(len(entries), len({e["fingerprint"] for e in entries}))
        report = self.json("analyze", self.project)["summary"]["findings"]
        suite = xml.etree.ElementTree.fromstring(self.ok("analyze", self.project, "--format", "junit").stdout)
        self.assertEqual(report["total"], len(suite.findall(".//testcase")))
        self.assertEqual(report["offered"] + report["skipped"], len(suite.findall(".//failure")))
        self.assertEqual(report["suppressed"] + report["baselined"], len(suite.findall(".//skipped")))

    def test_statistics_go_to_standard_error(self):
        done = self.ok("analyze", self.project, "--stats", "--format", "json")
        json.loads(done.stdout)
        self.assertIn("COV401", done.stderr)
        self.assertIn("rewrite", done.stderr)


if __name__ == "__main__":
    main()
