"""The compatibility bridge on SQLite: what a function does to its containers is in the tables afterwards."""

import asyncio
import os
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from compose import covet_bridge  # noqa: E402
from sqlalchemy import create_engine, event  # noqa: E402

import models  # noqa: E402
from covetpy._engine import dispose, session_factory  # noqa: E402
from covet_bridge import (  # noqa: E402
    bridged_counter,
    bridged_dict,
    bridged_list,
    bridged_set,
    bridged_value,
    open_stores,
    with_stores,
)

products = bridged_list(models.Product, position="position")
orders = bridged_list(models.Order)
notes = bridged_list(models.Note, position="position")
accounts = bridged_dict(models.Account, key="username", position="position")
users = bridged_dict(models.UserRow, key="id")
words = bridged_list(models.Word, position="position")
tags = bridged_set(models.Tag)
next_id = bridged_value(models.StateValue, "next_id", 1)
counter = bridged_counter(models.StateValue, "counter", 10)

LAMP = {"id": 1, "name": "Lamp", "price": 24.5, "tags": ["home"]}
HUB = {"id": 2, "name": "Hub", "price": 19.9, "tags": None}


async def call(function, *given):
    try:
        return await function(*given)
    finally:
        await dispose()


def run(function, *stores, **options):
    return asyncio.run(call(with_stores(*stores, **options)(function)))


class OnTables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = folder.name + "/shop.db"
        os.environ["DATABASE_URL"] = "sqlite:///" + self.path
        engine = create_engine("sqlite:///" + self.path)
        models.Base.metadata.create_all(engine)
        engine.dispose()
        run(lambda: products.extend([dict(LAMP), dict(HUB)]), products)

    def rows(self, query):
        connection = sqlite3.connect(self.path)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()

    def plain(self, store):
        return run(lambda: store.current, store, read_only=True)


class ListTests(OnTables):
    def test_a_store_may_be_named_before_it_is_there(self):
        run(lambda: products.append({"id": 3, "name": "Desk", "price": 90.0, "tags": None}), f"{__name__}:products")
        self.assertEqual([row["id"] for row in self.plain(products)], [1, 2, 3])

    def test_reads_as_a_list(self):
        def look():
            self.assertEqual(len(products), 2)
            self.assertTrue(products)
            self.assertEqual([p["name"] for p in products], ["Lamp", "Hub"])
            self.assertEqual(products[-1]["id"], 2)
            self.assertEqual(products[0:1], [LAMP])
            self.assertIn(LAMP, products)
            self.assertEqual(products, [LAMP, HUB])
            self.assertEqual(products.index(HUB), 1)
            self.assertEqual([p["id"] for p in reversed(products)], [2, 1])
            self.assertIs(type(products.current), list)

        run(look, products)

    def test_append_and_change_in_place(self):
        def change():
            products.append({"id": 3, "name": "Mug", "price": 5.0, "tags": []})
            products[0]["price"] = 1.25
            products[0]["tags"].append("sale")

        run(change, products)
        expected = [dict(LAMP, price=1.25, tags=["home", "sale"]), HUB,
                    {"id": 3, "name": "Mug", "price": 5.0, "tags": []}]
        self.assertEqual(self.plain(products), expected)

    def test_insert_in_front_and_in_the_middle(self):
        def change():
            products.insert(0, dict(LAMP, id=7))
            products.insert(2, dict(LAMP, id=8))

        run(change, products)
        self.assertEqual([p["id"] for p in self.plain(products)], [7, 1, 8, 2])

    def test_reversed_order_is_kept(self):
        run(lambda: products.reverse(), products)
        self.assertEqual([p["id"] for p in self.plain(products)], [2, 1])

    def test_rebinding_and_slices(self):
        def rebind():
            products.current = [p for p in products if p["id"] != 1]

        run(rebind, products)
        self.assertEqual(self.plain(products), [HUB])

        def slices():
            products[:] = [dict(LAMP)] + products.current

        run(slices, products)
        self.assertEqual([p["id"] for p in self.plain(products)], [1, 2])

    def test_a_replaced_record_keeps_its_row_and_position(self):
        before = self.rows("SELECT id, position FROM products ORDER BY position")

        def replace():
            products[0] = {"id": 1, "name": "New", "price": 2.0, "tags": None}

        run(replace, products)
        self.assertEqual(self.rows("SELECT id, position FROM products ORDER BY position"), before)
        self.assertEqual(self.plain(products)[0]["name"], "New")

    def test_deleted_and_added_again_under_the_same_key(self):
        def swap():
            products.pop(0)
            products.append(dict(LAMP, name="Again"))

        run(swap, products)
        self.assertEqual([p["name"] for p in self.plain(products)], ["Hub", "Again"])

    def test_a_changed_key_moves_the_row(self):
        def renumber():
            products[0]["id"], products[1]["id"] = 2, 1

        run(renumber, products)
        self.assertEqual([(p["id"], p["name"]) for p in self.plain(products)], [(2, "Lamp"), (1, "Hub")])

    def test_records_without_key(self):
        run(lambda: notes.extend([{"text": "a"}, {"text": "b"}, {"text": "a"}]), notes)
        run(lambda: notes.remove({"text": "a"}), notes)
        self.assertEqual(self.plain(notes), [{"text": "b"}, {"text": "a"}])

    def test_single_values(self):
        run(lambda: words.extend(["x", 1, True, {"n": [1]}, "x"]), words)

        def change():
            words[3]["n"].append(2)
            words.remove("x")
            words.insert(0, 2)

        run(change, words)
        self.assertEqual(repr(self.plain(words)), repr([2, 1, True, {"n": [1, 2]}, "x"]))


class DictTests(OnTables):
    def test_key_outside_of_the_record(self):
        def fill():
            accounts["mia"] = {"role": "admin"}
            accounts["bob"] = {"role": "guest"}

        run(fill, accounts)

        def change():
            self.assertEqual(list(accounts), ["mia", "bob"])
            self.assertEqual(dict(accounts), accounts.current)
            self.assertEqual(accounts.get("no", 5), 5)
            accounts["bob"]["role"] = "user"
            first = accounts.pop("mia")
            accounts["zoe"] = first

        run(change, accounts)
        self.assertEqual(list(self.plain(accounts).items()), [("bob", {"role": "user"}), ("zoe", {"role": "admin"})])

    def test_objects(self):
        run(lambda: users.update({1: models.User(1, "Ada"), 2: models.User(2, "Bo")}), users)

        def change():
            users[1].name = "Eve"
            users[2] = models.User(2, "Cy")
            users[3] = models.User(3, "Di")

        run(change, users)
        found = self.plain(users)
        self.assertEqual([(k, type(v), v.name) for k, v in found.items()],
                         [(1, models.User, "Eve"), (2, models.User, "Cy"), (3, models.User, "Di")])

    def test_a_key_that_the_record_contradicts(self):
        def contradict():
            users["4"] = models.User(4, "Flo")

        self.assertRaises(covet_bridge.NarrowedValue, run, contradict, users)


class OtherContainerTests(OnTables):
    def test_sets(self):
        run(lambda: tags.update({"a", "b"}), tags)

        def change():
            tags.discard("a")
            tags.add("c")

        run(change, tags)
        self.assertEqual(self.plain(tags), {"b", "c"})

    def test_values_and_counters(self):
        def count():
            next_id.value += 1
            return next_id.value, next(counter), next(counter)

        self.assertEqual(run(count, next_id, counter), (2, 10, 11))
        self.assertEqual(run(count, next_id, counter), (3, 12, 13))


class TransactionTests(OnTables):
    def test_changes_before_an_exception_are_kept(self):
        def fail():
            products.pop()
            raise KeyError("later")

        self.assertRaises(KeyError, run, fail, products)
        self.assertEqual(self.plain(products), [LAMP])

    def test_narrowed_values_are_refused_whole(self):
        for record in ({"id": 3, "name": 5, "price": 1.0, "tags": None},
                       {"id": 3, "name": "x" * 21, "price": 1.0, "tags": None},
                       {"id": True, "name": "x", "price": 1.0, "tags": None},
                       {"id": 2**31, "name": "x", "price": 1.0, "tags": None},
                       {"id": 3, "name": "x", "price": "1", "tags": None},
                       {"id": 3, "name": "x", "price": float("nan"), "tags": None},
                       {"id": 3, "name": None, "price": 1.0, "tags": None},
                       {"id": 3, "name": "x", "price": 1.0, "tags": None, "more": 1},
                       {"id": 3, "name": "x", "price": 1.0},
                       "no record"):
            with self.subTest(record=record):
                def add():
                    products[0]["price"] = 99.0
                    products.append(record)

                with self.assertRaises(covet_bridge.NarrowedValue) as raised:
                    run(add, products)
                self.assertEqual(raised.exception.status_code, 422)
                self.assertEqual(self.plain(products), [LAMP, HUB])

    def test_a_lost_key_of_a_changed_record_is_refused(self):
        self.assertRaises(covet_bridge.NarrowedValue, run, lambda: products[0].pop("tags"), products)

    def test_duplicate_keys_answer_409(self):
        with self.assertRaises(covet_bridge.DuplicateKey) as raised:
            run(lambda: products.append(dict(HUB)), products)
        self.assertEqual(raised.exception.status_code, 409)
        self.assertRaises(covet_bridge.DuplicateKey, run, lambda: products.append(products[0]), products)

    def test_references_between_stores(self):
        def order():
            orders.append({"id": 1, "product_id": 9})
            products.append(dict(LAMP, id=9))

        run(order, orders, products)

        def drop():
            products.pop()
            orders.clear()

        run(drop, products, orders)
        self.assertEqual(len(self.plain(products)), 2)
        self.assertRaises(covet_bridge.DuplicateKey, run, lambda: orders.append({"id": 2, "product_id": 77}), orders)

    def test_requests_of_one_process_do_not_lose_updates(self):
        @with_stores(next_id)
        async def count():
            seen = next_id.value
            await asyncio.sleep(0)
            next_id.value = seen + 1

        async def many():
            await asyncio.gather(*(count() for _ in range(20)))

        asyncio.run(call(many))
        self.assertEqual(self.rows("SELECT value FROM covet_state WHERE name = 'next_id'"), [(21,)])

    def test_nothing_is_written_when_nothing_changed(self):
        statements = []

        async def look():
            engine = session_factory()().get_bind()
            event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
            await with_stores(products)(lambda: [p for p in products])()

        asyncio.run(call(look))
        self.assertTrue(statements)
        self.assertFalse([s for s in statements if not s.startswith(("SELECT", "BEGIN"))])


class CallTests(OnTables):
    def test_nested_calls_share_what_is_open(self):
        @with_stores(orders, products)
        async def inner():
            orders.append({"id": 1, "product_id": 1})
            return len(products)

        @with_stores(products)
        async def outer():
            products.append(dict(LAMP, id=3))
            return await inner()

        self.assertEqual(asyncio.run(call(outer)), 3)
        self.assertEqual(self.plain(orders), [{"id": 1, "product_id": 1}])

    def test_open_stores(self):
        async def script():
            async with open_stores(products):
                products.clear()

        asyncio.run(call(script))
        self.assertEqual(self.plain(products), [])

    def test_outside_of_a_bridge(self):
        self.assertRaisesRegex(RuntimeError, "products is used outside of @with_stores", len, products)
        self.assertEqual(repr(products), "<store Product>")

    def test_a_task_that_outlives_the_request(self):
        async def late():
            await asyncio.sleep(0.01)
            return len(products)

        async def main():
            tasks = []

            @with_stores(products)
            async def start():
                tasks.append(asyncio.ensure_future(late()))

            await start()
            with self.assertRaises(RuntimeError):
                await tasks[0]

        asyncio.run(call(main))

    def test_the_signature_stays(self):
        import inspect

        import text_signature

        wrapped = with_stores(products)(text_signature.handler)
        parameter = inspect.signature(wrapped).parameters["item_id"]
        self.assertIs(parameter.annotation, int)
        self.assertTrue(inspect.iscoroutinefunction(wrapped))


if __name__ == "__main__":
    unittest.main()
