"""What the migrated application of this folder does on the database of DATABASE_URL; run beside its app.py."""

import os
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.getcwd())

import app as shop  # noqa: E402
from covet_bridge import open_stores, with_stores  # noqa: E402

COUNTS = "import app\nfor _ in range(10): app.app.test_client().post('/count')"


class DataAlone(unittest.TestCase):
    def setUp(self):
        self.client = shop.app.test_client()
        with open_stores():
            shop.items.current = [{"code": "a", "count": 1}]
            shop.owners.clear()
            shop.total.value = 0

    def codes(self):
        return [item["code"] for item in self.client.get("/items").json]

    def test_what_a_request_changes_is_there_for_the_next(self):
        answer = self.client.post("/items", json={"code": "b", "count": 2})
        self.assertEqual((answer.status_code, answer.json), (201, {"total": 1, "size": 2}))
        self.assertEqual(self.codes(), ["a", "b"])

    def test_changes_before_an_exception_are_kept(self):
        self.assertEqual(self.client.post("/items?fail", json={"code": "c", "count": 3}).status_code, 500)
        self.assertEqual(self.codes(), ["a", "c"])

    def test_a_value_that_the_table_cannot_hold_is_refused_with_all_other_changes(self):
        answer = self.client.post("/items", json={"code": "d", "count": "many"})
        self.assertEqual((answer.status_code, answer.mimetype), (422, "application/json"))
        self.assertIn("count", answer.json["detail"])
        self.assertEqual(self.codes(), ["a"])
        with open_stores():
            self.assertEqual(shop.total.value, 0)

    def test_after_an_exception_the_answer_stays_whatever_becomes_of_the_changes(self):
        self.assertEqual(self.client.post("/items?fail", json={"code": "e", "count": "many"}).status_code, 500)
        self.assertEqual(self.codes(), ["a"])

    def test_requests_inside_of_a_request_share_its_stores(self):
        self.client.post("/items", json={"code": "f", "count": 1})
        self.assertEqual(self.client.put("/owners/ada").json, {"name": "ada", "items": ["a", "f"]})
        self.assertEqual(self.client.get("/owners").json, {"ada": {"name": "ada", "items": ["a", "f"]}})

    def test_a_streamed_answer_is_handed_on(self):
        self.assertEqual(self.client.get("/stream").text, "a\n")

    def test_outside_of_requests_stores_have_to_be_opened(self):
        with self.assertRaisesRegex(RuntimeError, "open_stores"):
            len(shop.items)
        with open_stores():
            self.assertEqual(len(shop.items), 1)
        self.assertEqual(shop.app.test_cli_runner().invoke(args=["size"]).output, "1\n")

    def test_what_is_changed_in_a_block_before_an_exception_is_kept(self):
        with self.assertRaises(KeyError), open_stores():
            shop.items.append({"code": "g", "count": 1})
            raise KeyError
        self.assertEqual(self.codes(), ["a", "g"])

    def test_threads_lose_nothing(self):
        def work():
            for _ in range(10):
                shop.app.test_client().post("/count")

        threads = [threading.Thread(target=work) for _ in range(4)]
        threads.append(threading.Thread(target=with_stores(lambda: shop.items.append({"code": "h", "count": 1}))))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((self.client.post("/count").text, self.codes()), ("41", ["a", "h"]))

    def test_processes_lose_nothing(self):
        running = [subprocess.Popen([sys.executable, "-c", COUNTS]) for _ in range(3)]
        self.assertEqual([process.wait(60) for process in running], [0, 0, 0])
        self.assertEqual(self.client.post("/count").text, "31")

    def test_a_request_that_touches_no_store_needs_no_database(self):
        url = os.environ["DATABASE_URL"]
        os.environ["DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/nothing"
        self.addCleanup(os.environ.__setitem__, "DATABASE_URL", url)
        self.assertEqual(self.client.get("/ping").text, "pong")
        self.assertEqual(self.client.get("/items").status_code, 500)

    def test_urls_of_async_drivers_are_understood(self):
        url = os.environ["DATABASE_URL"]
        scheme, rest = url.split(":", 1)
        driver = {"sqlite": "aiosqlite", "postgresql": "asyncpg", "mysql": "aiomysql"}[scheme]
        self.addCleanup(os.environ.__setitem__, "DATABASE_URL", url)
        os.environ["DATABASE_URL"] = f"{scheme}+{driver}:{rest}"
        self.assertEqual(self.codes(), ["a"])


if __name__ == "__main__":
    unittest.main()
