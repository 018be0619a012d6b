"""--extract-with-python: data that only running code knows, with its types; and nothing is run unasked."""

import os
import socket
import sqlite3
import sys
import time

from support import CliCase, main, snapshot

APP = '''"""A shop whose data is made by code."""
from fastapi import FastAPI

from data import goods

app = FastAPI()


@app.get("/goods")
def list_goods():
    return [{"id": one["id"]} for one in goods]


@app.delete("/goods/{number}")
def remove(number: int):
    for one in list(goods):
        if one["id"] == number:
            goods.remove(one)
    return {}
'''

# The mark tells whether the module was run; the value of `here` cannot be known without running it.
HEAD = '''import os

if "COVET_TEST_MARK" in os.environ:
    with open(os.environ["COVET_TEST_MARK"], "a") as file:
        file.write("ran\\n")
here = len(os.environ["PATH"]) * 0


'''

KINDS = HEAD + '''import datetime as dt
from collections import namedtuple
from decimal import Decimal
from uuid import UUID


def make(number):
    return {
        "id": number + here,
        "moment": dt.datetime(2024, 5, 6, 7, 8, 9, 10),
        "utc": dt.datetime(2024, 5, 6, 7, tzinfo=dt.timezone.utc),
        "day": dt.date(2024, 2, 29),
        "clock": dt.time(23, 59, 1),
        "price": Decimal("10.10"),
        "token": UUID("12345678-1234-5678-1234-567812345678"),
        "label": b"\\\\x00\\\\xff",
        "big": 2**70,
        "tiny": 5e-324,
        "text": "Zürich ☃ \\\\t",
        "on": True,
        "none": None,
        "mixed": {"set": {3, 1}, "tuple": (1, "a"), "nan": float("nan"), "inf": float("inf"), 1: "key", "span": dt.timedelta(1, 2, 3)},
    }


goods = [make(one) for one in (1, 2)]
'''.replace("\\\\\\\\", "\\\\").replace("\\\\x", "\\x").replace("\\\\t", "\\t")


class ExtractTest(CliCase):
    def make(self, data):
        self.write("main.py", APP)
        self.write("data.py", data)
        self.mark = os.path.join(self.base, "mark")

    def call(self, *arguments):
        return self.json(*arguments, env=self.environment(COVET_TEST_MARK=self.mark))

    def analyze(self, *options):
        return self.call("analyze", self.project, "--target", "fastapi", *options)

    def reason(self, data, *options):
        """Why the rows could not be had."""
        self.make(data)
        report = self.analyze("--extract-with-python", *options)
        self.assertEqual([one["rule"] for one in report["findings"] if one["rule"] == "COV303"], [])
        [finding] = [one for one in report["findings"] if one["rule"] in ("COV301", "COV207", "COV302")]
        return finding["hint"] + " ".join(store["opaque_reason"] for store in report["stores"] if store.get("opaque_reason"))

    def rows(self):
        self.ok("run", self.project, "--target", "fastapi", "--url", "sqlite:///shop.db", "--yes", "--no-backup",
                "--extract-with-python", env=self.environment(COVET_TEST_MARK=self.mark))  # fmt: skip
        with sqlite3.connect(os.path.join(self.project, "shop.db")) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute("SELECT * FROM goods ORDER BY id")]

    def test_nothing_runs_unasked(self):
        self.make(KINDS)
        before = snapshot(self.project)
        report = self.analyze()
        self.assertFalse(os.path.exists(self.mark))
        self.assertEqual(len([one for one in report["findings"] if one["rule"] in ("COV301", "COV207", "COV302")]), 1)
        self.fails(1, "analyze", self.project, "--python", "python3", message="no code is run")
        self.fails(1, "analyze", self.project, "--extract-with-python", "--extract-timeout", "0", message="number of seconds")
        self.assert_untouched(before)

    def test_every_kind_keeps_its_type(self):
        self.make(KINDS)
        report = self.analyze("--extract-with-python")
        [finding] = [one for one in report["findings"] if one["rule"] == "COV303"]
        self.assertIn("data.py was imported in a process of its own", finding["hint"])
        [table] = report["schema"]["tables"]
        types = {column["name"]: column["type"] for column in table["columns"]}
        self.assertEqual(types["moment"], "timestamp")
        self.assertEqual(types["utc"], "timestamptz")
        self.assertEqual(types["day"], "date")
        self.assertEqual(types["clock"], "time")
        self.assertEqual(types["token"], "uuid")
        self.assertEqual(types["label"], "bytes")
        self.assertEqual(types["on"], "boolean")
        self.assertTrue(types["price"].startswith("numeric("), types)
        row = self.rows()[0]
        self.assertEqual(row["moment"], "2024-05-06 07:08:09.000010")
        self.assertEqual(row["price"], "10.10")
        self.assertEqual(row["label"], b"\0\xff")
        self.assertEqual(row["big"], str(2**70))
        self.assertEqual(row["tiny"], 5e-324)
        self.assertEqual(row["text"], "Zürich ☃ \t")
        for part in ('"$set"', '"$tuple"', '"nan"', '"inf"', '"$timedelta": 86402000003', "[1, \"key\"]"):
            self.assertIn(part, row["mixed"])
        # Looking again compares with what was loaded, and runs nothing.
        ran = os.path.getsize(self.mark)
        self.assertEqual(self.call("verify", self.project)["difference_count"], 0)
        self.assertEqual(os.path.getsize(self.mark), ran)

    def test_the_project_stays_as_it_was(self):
        self.make(HEAD + 'open("written.txt", "w").write("x")\ngoods = [{"id": here + one} for one in (1, 2)]\n')
        before = snapshot(self.project)
        report = self.analyze("--extract-with-python")
        self.assertEqual([one["rule"] for one in report["findings"] if one["rule"] == "COV303"], ["COV303"])
        self.assert_untouched(before)

    def test_objects_of_the_project(self):
        self.make(HEAD + 'import dataclasses\n\n\n@dataclasses.dataclass\nclass Good:\n    id: int\n    size: float = 1.5\n\n\n'
                  'goods: list[Good] = [Good(here + one) for one in (1, 2)]\n')  # fmt: skip
        self.write("main.py", APP.replace('one["id"]', "one.id"))
        self.assertEqual([(row["id"], row["size"]) for row in self.rows()], [(1, 1.5), (2, 1.5)])

    def test_attributes_of_an_object(self):
        self.make(HEAD + 'class Repository:\n    def __init__(self):\n        self.rows = [{"id": here + one} for one in (1, 2)]\n\n\n'
                  'goods = Repository()\n')  # fmt: skip
        self.write("main.py", APP.replace("goods.remove", "goods.rows.remove").replace("in goods]", "in goods.rows]").replace("(goods)", "(goods.rows)"))
        report = self.analyze("--extract-with-python")
        [table] = report["schema"]["tables"]
        self.assertEqual(table["columns"][0]["name"], "id")
        self.assertIn("COV303", [one["rule"] for one in report["findings"]])

    def test_what_has_no_form_is_refused_by_name(self):
        cases = {
            "complex(1, 2)": "goods[0]['x'] is a complex",
            "__import__('threading').Lock()": "goods[0]['x'] is a _thread.lock",
            "frozenset()": "goods[0]['x'] is a frozenset",
            "__import__('collections').Counter()": "goods[0]['x'] is a collections.Counter",
            "__import__('datetime').datetime(2024, 1, 1, fold=1)": "the second of two equal times",
            "__import__('datetime').datetime(2024, 1, 1, tzinfo=__import__('zoneinfo').ZoneInfo('UTC'))": "time zone of the type zoneinfo.ZoneInfo",
            "type('Text', (str,), {})('a')": "Text",
        }
        for value, reason in cases.items():
            with self.subTest(value):
                self.assertIn(reason, self.reason(HEAD + f'goods = [{{"id": here + one, "x": {value}}} for one in (1, 2)]\n'))

    def test_a_value_that_contains_itself(self):
        self.assertIn("contains itself", self.reason(HEAD + 'goods = [{"id": here + one} for one in (1, 2)]\ngoods[0]["x"] = goods\n'))

    def test_what_goes_wrong_is_said(self):
        end = '\ngoods = [{"id": here + one} for one in (1, 2)]\n'
        cases = {
            'os.environ["NOBODY_SETS_THIS"]': "KeyError: 'NOBODY_SETS_THIS'",
            "raise SystemExit(3)": "SystemExit: 3",
            "os._exit(7)": "ended with code 7",
            "os.kill(os.getpid(), 11)": "signal 11",
            "x = bytearray(1 << 40)": "more memory than it may have",
        }
        for line, reason in cases.items():
            with self.subTest(line):
                self.assertIn(reason, self.reason(HEAD + line + end))

    def test_it_ends_in_time_with_all_that_it_started(self):
        pid = os.path.join(self.base, "pid")
        self.make(HEAD + f'import subprocess, time\nchild = subprocess.Popen(["sleep", "600"])\nopen({pid!r}, "w").write(str(child.pid))\n'
                  'time.sleep(600)\ngoods = [{"id": here + one} for one in (1, 2)]\n')  # fmt: skip
        start = time.monotonic()
        report = self.analyze("--extract-with-python", "--extract-timeout", "2")
        self.assertLess(time.monotonic() - start, 30)
        self.assertIn("did not end within 2 s", str(report["findings"]) + str(report["stores"]))
        with open(pid) as file:
            self.assertFalse(os.path.exists(f"/proc/{file.read()}"))

    def test_no_network(self):
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        port = server.getsockname()[1]
        reason = self.reason(HEAD + f'import socket\nsocket.create_connection(("127.0.0.1", {port}))\n'
                             'goods = [{"id": here + one} for one in (1, 2)]\n')  # fmt: skip
        self.assertIn("PermissionError: the network is not there", reason)

    def test_the_interpreter(self):
        self.make(KINDS)
        self.fails(2, "analyze", self.project, "--extract-with-python", "--python", "no-such-python", message="cannot start no-such-python")
        report = self.analyze("--extract-with-python", "--python", f"{sys.executable} -B")
        self.assertIn("COV303", [one["rule"] for one in report["findings"]])


if __name__ == "__main__":
    main()
