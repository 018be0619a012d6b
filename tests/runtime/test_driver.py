"""The driver must notice what it is there for: each test plants one difference."""

import base64
import json
import sys
import tempfile
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from driver.comparison import Comparison  # noqa: E402
from driver.requests import Plan, Request, listed  # noqa: E402
from driver.server import Answer, BootError, Server  # noqa: E402
from driver.session import compare  # noqa: E402

JSON = {"content-type": "application/json"}


def differences(before, after, comparison=None):
    answers = [Answer(200, JSON, x.encode() if isinstance(x, str) else x) for x in (before, after)]
    return (comparison or Comparison()).differences(*answers)


class Comparing(unittest.TestCase):
    def test_what_differs(self):
        for before, after in [
            ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
            ('{"a": 1.0}', '{"a": 1}'),
            ('{"a": 1}', '{"a": 1.5}'),
            ('{"a": 1}', '{"a": true}'),
            ('{"a": null}', "{}"),
            ("[1, 2]", "[2, 1]"),
            ("[1]", "[1, 1]"),
            ('"a"', '"b"'),
            ("null", ""),
            ("{}", "[]"),
            ('"2024-01-01T10:00:00"', '"2024-01-01T11:00:00"'),
            ('"2024-01-01T10:00:00"', '"2024-01-01 10:00:00"'),
            ("1.5", "1.25"),
            ("{", "[]"),
        ]:
            self.assertTrue(differences(before, after), (before, after))
        self.assertTrue(Comparison().differences(Answer(200, JSON, b"1"), Answer(201, JSON, b"1")))
        self.assertTrue(
            Comparison().differences(Answer(200, JSON, b"1"), Answer(200, {"content-type": "text/plain"}, b"1"))
        )
        self.assertTrue(Comparison().differences(Answer(200, {**JSON, "x-app": "1"}, b"1"), Answer(200, JSON, b"1")))
        self.assertTrue(Comparison().differences(Answer(200, {}, b"a"), Answer(200, {}, b"b")))

    def test_what_does_not(self):
        for before, after in [
            ('{"a": 1, "b": [true, null, 0.5]}', '{"a":1,"b":[true,null,0.5]}'),
            ("NaN", "NaN"),
            ('"2024-01-01T10:00:00.123456"', '"2024-01-01T10:00:01.654321"'),
            ("{", "{"),
        ]:
            self.assertEqual(differences(before, after), [])
        self.assertEqual(
            Comparison().differences(Answer(200, {**JSON, "date": "x"}, b"1"), Answer(200, JSON, b"1")), []
        )

    def test_signatures_differ_with_the_moment_alone(self):
        def sealed(content, moment, signature="x" * 27):
            moment = base64.urlsafe_b64encode(int(moment).to_bytes(4, "big")).decode().rstrip("=")
            return Answer(200, {"set-cookie": f"session={content}.{moment}.{signature}; HttpOnly; Path=/"}, b"")

        now = time.time()
        before = sealed("eyJhIjoxfQ", now)
        self.assertEqual(Comparison().differences(before, sealed("eyJhIjoxfQ", now + 1, "y" * 27)), [])
        self.assertTrue(Comparison().differences(before, sealed("eyJhIjoyfQ", now + 1, "y" * 27)))
        self.assertTrue(Comparison().differences(before, sealed("eyJhIjoxfQ", now, "y" * 27)))
        self.assertTrue(Comparison().differences(before, sealed("eyJhIjoxfQ", now - 3600, "y" * 27)))

    def test_an_integer_may_become_the_same_float(self):
        comparison = Comparison()
        self.assertEqual(differences('{"a": [1, 2.0]}', '{"a": [1.0, 2.0]}', comparison), [])
        self.assertEqual(comparison.widened, 1)

    def test_random_identifiers_must_stay_the_same_ones(self):
        one, two, three = (str(n) * 8 + "-aaaa-4aaa-8aaa-aaaaaaaaaaaa" for n in (1, 2, 3))
        comparison = Comparison()
        self.assertEqual(differences(json.dumps([one, one]), json.dumps([two, two]), comparison), [])
        self.assertEqual(differences(json.dumps({one: "/x/" + one}), json.dumps({two: "/x/" + two}), comparison), [])
        self.assertTrue(differences(json.dumps(one), json.dumps(three), comparison))


class Planning(unittest.TestCase):
    def plan(self):
        routes = [("GET", "/a"), ("GET", "/a/{a_id}"), ("POST", "/a"), ("DELETE", "/a/{a_id}")]
        return Plan(routes, {"POST /a": {"x": 1, "y": 2}}, {}, ["x"])

    def test_identifiers_come_from_answers(self):
        plan = self.plan()
        plan.learn(b'{"rows": [{"id": "k 1"}, {"id": 7}]}')
        self.assertEqual([r.path for r in plan.reads()], ["/a", "/a/k%201", "/a/7", "/a/1", "/a/2"])

    def test_groups_cover_what_they_promise(self):
        plan = self.plan()
        self.assertIn(Request("GET", "/a/abc"), list(plan.odd_reads()))
        self.assertIn(Request("GET", "/a?x=zzz"), list(plan.odd_reads()))
        self.assertIn(listed(["POST", "/a", {"x": 1}]), list(plan.writes()))
        self.assertEqual(list(plan.writes()).count(listed(["POST", "/a", {"x": 1, "y": 2}])), 2)
        self.assertIn(("HEAD", "/a/1"), [(r.method, r.path) for r in plan.wrong_methods()])
        self.assertIn(b"{", [r.body for r in plan.bad_bodies()])
        self.assertIn(Request("DELETE", "/a/999999"), list(plan.deletes()))


class Driving(unittest.TestCase):
    """The same application twice, with one change to the second."""

    app = HERE / "apps" / "notes_flat"

    def found(self, *changes, **options):
        with tempfile.TemporaryDirectory() as work:
            folders = []
            for side in ("legacy", "changed"):
                folder = Path(work, side)
                folder.mkdir()
                text = (self.app / "app.py").read_text()
                if side == "changed":
                    for old, new in changes:
                        self.assertIn(old, text)
                        text = text.replace(old, new)
                (folder / "app.py").write_text(text)
                folders.append(folder)
            options = {**json.loads((self.app / "app.json").read_text()), "persistent": False, **options}
            report, _ = compare(*folders, ("app:app", "app:app"), options, work)
            self.assertGreater(report.requests, 200)
            return "\n".join(report.differences)

    def test_no_change(self):
        self.assertEqual(self.found(), "")

    def test_a_changed_status(self):
        self.assertIn("status 201 became 200", self.found(("return note, 201", "return note, 200")))

    def test_a_changed_default(self):
        self.assertIn("folder: 'home' became 'work'", self.found(('"folder", "home")', '"folder", "work")')))

    def test_a_write_that_is_lost(self):
        self.assertIn("reads after writes", self.found(('note["done"] = not note["done"]', "pass")))

    def test_data_that_does_not_outlive_the_process(self):
        self.assertIn("after a restart", self.found(persistent=True))

    def test_an_update_that_parallel_requests_lose(self):
        slow = "import asyncio\n    at = len(notes)\n    await asyncio.sleep(0.02)\n    notes[at:] = [note]"
        self.assertIn("12 at once", self.found(("    notes.append(note)\n", f"    {slow}\n")))

    def test_badly_typed_input_that_ends_in_an_error(self):
        checked = 'title = data["title"] + ""\n    note = {'
        self.assertIn("[types]", self.found(("note = {", checked)))

    def test_an_application_that_does_not_start(self):
        with tempfile.TemporaryDirectory() as work:
            Path(work, "app.py").write_text("print('starting')\nraise SystemExit('no database')\n")
            with self.assertRaisesRegex(BootError, "no database"):
                Server(work, "app:app", Path(work, "log")).__enter__()


if __name__ == "__main__":
    unittest.main()
