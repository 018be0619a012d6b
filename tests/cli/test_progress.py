"""--progress json: what programs read of a long step, on standard error, one object a line."""

import json

from support import CliCase, main


class ProgressTest(CliCase):
    def events(self, done):
        """The objects on standard error; every line must be one."""
        return [json.loads(line) for line in done.stderr.splitlines()]

    def check(self, events):
        """Steps begin, count up, and end, one after the other. Gives their names in order."""
        open_step, last, names = None, -1, []
        for event in events:
            if event["event"] == "progress":
                self.assertEqual(set(event), {"event", "step", "done", "total", "seconds", "perSecond", "secondsLeft"})
                if event["step"] != open_step:
                    self.assertIsNone(open_step, "a step begins before the one before it has ended")
                    open_step, last = event["step"], -1
                    names.append(open_step)
                self.assertGreaterEqual(event["done"], last)
                if event["total"]:
                    self.assertLessEqual(event["done"], event["total"])
                for number in ("seconds", "perSecond", "secondsLeft"):
                    self.assertGreaterEqual(event[number], 0)
                last = event["done"]
            else:
                self.assertEqual(set(event), {"event", "step", "done", "seconds"})
                self.assertEqual(event["event"], "end")
                self.assertEqual(event["step"], open_step)
                self.assertGreaterEqual(event["done"], last)
                open_step = None
        self.assertIsNone(open_step)
        return names

    def test_analysis(self):
        done = self.ok("analyze", self.shop(), "--progress", "json", "--format", "json")
        names = self.check(self.events(done))
        self.assertEqual(names[0], "read")
        self.assertIn("rewrite", names)
        self.assertEqual(json.loads(done.stdout)["stores"][0]["name"], "products_db")

    def test_quiet_is_about_people(self):
        done = self.ok("analyze", self.shop(), "--progress", "json", "--quiet")
        self.assertTrue(self.check(self.events(done)))

    def test_a_run_counts_its_rows(self):
        self.shop()
        rows = ",\n".join(f'    {{"id": {i}, "name": "n{i}", "price": 1.5, "stock": {i}}}' for i in range(1, 5001))
        with open(self.project + "/app.py") as file:
            text = file.read()
        start, end = text.index("products_db = ["), text.index("\n]\n")
        self.write("app.py", text[:start] + "products_db = [\n" + rows + text[end:])
        done = self.ok("run", self.project, "--url", "sqlite:///shop.db", "--yes", "--no-backup", "--quiet",
                       "--progress", "json", "--format", "json")  # fmt: skip
        events = [json.loads(line) for line in done.stderr.splitlines() if line.startswith("{")]
        self.check(events)
        ends = {event["step"]: event["done"] for event in events if event["event"] == "end"}
        self.assertGreaterEqual(ends["load"], 5000, ends)
        self.assertGreaterEqual(ends["verify"], 5000, ends)

    def test_the_word(self):
        self.fails(1, "analyze", self.shop(), "--progress", "xml", message="--progress")


if __name__ == "__main__":
    main()
