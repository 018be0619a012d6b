import asyncio
import json
import os
import sqlite3
import unittest
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from support import InTemporaryFolder, call, lifespan, send

from sqlalchemy import ForeignKey, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from covetpy import CovetApp, Depends, _engine
from covetpy._settings import database_settings
from covetpy._url import target
from covetpy.database import get_database_session
from covetpy.exceptions import ConfigurationError

DB = Annotated[AsyncSession, Depends(get_database_session)]
open_session = asynccontextmanager(get_database_session)


class Base(DeclarativeBase):
    pass


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    stock: Mapped[int]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))


def make_database(file):
    with sqlite3.connect(file) as connection:
        connection.executescript(
            "CREATE TABLE products (id INTEGER PRIMARY KEY, stock INTEGER NOT NULL);"
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product_id INTEGER REFERENCES products (id));"
            "INSERT INTO products VALUES (1, 100)"
        )
    connection.close()


class Urls(InTemporaryFolder):
    def test_neutral_urls_get_the_async_driver(self):
        for given, expected in [
            ("sqlite:////abs/a.db", "sqlite+aiosqlite:////abs/a.db"),
            ("sqlite:///a.db", f"sqlite+aiosqlite:///{self.folder}/a.db"),
            ("sqlite+pysqlite:////abs/a.db", "sqlite+aiosqlite:////abs/a.db"),
            ("postgresql://u:p%40w@h:5/d", "postgresql+asyncpg://u:p%40w@h:5/d"),
            ("postgres://h/d", "postgresql+asyncpg://h/d"),
            ("postgresql+psycopg2://h/d", "postgresql+asyncpg://h/d"),
            ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
            ("postgresql://h/d?sslmode=require", "postgresql+asyncpg://h/d?ssl=require"),
            ("mysql://u@h/d?charset=utf8mb4", "mysql+aiomysql://u@h/d?charset=utf8mb4"),
            ("mariadb+pymysql://h/d", "mysql+aiomysql://h/d"),
        ]:
            self.assertEqual(target(given, self.folder, "X").url.render_as_string(hide_password=False), expected)

    def test_options_go_where_the_driver_looks_for_them(self):
        for given, query, arguments in [
            ("postgresql://h/d?connect_timeout=5", {}, {"timeout": 5.0}),
            ("postgresql://h/d?application_name=a", {}, {"server_settings": {"application_name": "a"}}),
            ("mysql://h/d?ssl-mode=DISABLED&charset=utf8", {"charset": "utf8"}, {}),
        ]:
            url, found = target(given, self.folder, "X")
            self.assertEqual((dict(url.query), found), (query, arguments))
        for mode, checked, verified in [("REQUIRED", False, 0), ("VERIFY_CA", False, 2), ("VERIFY_IDENTITY", True, 2)]:
            context = target(f"mysql://h/d?ssl-mode={mode}", self.folder, "X").connect_args["ssl"]
            self.assertEqual((context.check_hostname, int(context.verify_mode)), (checked, verified))

    def test_unusable_urls_are_explained_without_repeating_them(self):
        for url in ("nonsense", "oracle://u:secret@h/d", "postgresql://u:secret@h:port/d"):
            with self.assertRaisesRegex(ConfigurationError, "^DATABASE_URL .*sqlite:///app.db") as caught:
                target(url, self.folder, "DATABASE_URL")
            self.assertNotIn("secret", str(caught.exception))


class Settings(InTemporaryFolder):
    def write(self, folder, **database):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "covetpy_config.json").write_text(json.dumps({"database": database}))

    def test_nothing_set(self):
        with self.assertRaisesRegex(ConfigurationError, "No database URL.*DATABASE_URL.*covetpy_config.json"):
            database_settings()

    def test_placeholders(self):
        for url in ("${DATABASE_URL}", "postgresql://<user>@h/d", "mysql://CHANGE_ME"):
            self.write(self.folder, url=url)
            with self.assertRaisesRegex(ConfigurationError, "covetpy_config.json is still a placeholder"):
                database_settings()
            _touch(self.folder / "covetpy_config.json")

    def test_broken_file(self):
        (self.folder / "covetpy_config.json").write_text("{")
        with self.assertRaisesRegex(ConfigurationError, "not valid JSON"):
            database_settings()

    def test_the_environment_goes_first(self):
        self.write(self.folder, url="sqlite:///file.db", pool_size=3)
        self.assertEqual(database_settings().target.url.database, f"{self.folder}/file.db")
        self.assertEqual(database_settings().pool_size, 3)
        os.environ["DATABASE_URL"] = "sqlite:///env.db"
        self.assertEqual(database_settings().target.url.database, f"{self.folder}/env.db")

    def test_the_file_beside_the_entry_module_or_its_package(self):
        shop = self.folder / "elsewhere" / "shop"
        for folder, module in [(shop, "main"), (shop.parent, "shop.main")]:
            with self.subTest(module=module):
                self.addCleanup(_engine_folders().clear)
                _engine_folders().clear()
                self.write(folder, url="sqlite:///beside.db")
                exec("CovetApp()", {"CovetApp": CovetApp, "__file__": str(shop / "main.py"), "__name__": module})
                self.assertEqual(database_settings().target.url.database, f"{folder}/beside.db")
                (folder / "covetpy_config.json").unlink()

    def test_a_request_without_a_url_answers_500(self):
        app = CovetApp()

        @app.get("/")
        async def handler(db: DB):
            return 1

        @app.exception_handler(Exception)
        async def failed(request, error):
            return {"error": str(error)}

        self.assertIn("DATABASE_URL", call(app, "GET", "/").json()["error"])


class Sessions(InTemporaryFolder):
    def setUp(self):
        super().setUp()
        make_database("shop.db")
        os.environ["DATABASE_URL"] = "sqlite:///shop.db"
        self.app = CovetApp()

        @self.app.post("/buy")
        async def buy(db: DB):
            product = await db.get(Product, 1)
            await asyncio.sleep(0.002)
            product.stock -= 1
            await db.commit()
            return product.stock

        @self.app.post("/orders/{product_id}")
        async def order(product_id: int, db: DB):
            db.add(Order(product_id=product_id))
            await db.commit()

        @self.app.post("/forgets")
        async def forgets(db: DB):
            (await db.get(Product, 1)).stock = 0
            await db.flush()

        @self.app.get("/stock")
        async def stock(db: DB):
            return await db.scalar(select(Product.stock))

    def test_commit_keeps_and_no_commit_forgets(self):
        self.assertEqual(call(self.app, "POST", "/buy").json(), 99)
        self.assertEqual(call(self.app, "POST", "/forgets").status_code, 200)
        self.assertEqual(call(self.app, "GET", "/stock").json(), 99)

    def test_foreign_keys_are_enforced(self):
        self.app.exception_handler(IntegrityError)(lambda request, error: "integrity")
        self.assertEqual(call(self.app, "POST", "/orders/1").status_code, 200)
        self.assertEqual(call(self.app, "POST", "/orders/2").json(), "integrity")

    def test_concurrent_writers_lose_no_update(self):
        async def all_at_once():
            answers = await asyncio.gather(*(send(self.app, "POST", "/buy") for _ in range(40)))
            return [a.status_code for a in answers], (await send(self.app, "GET", "/stock")).json()

        statuses, left = asyncio.run(all_at_once())
        self.assertEqual((statuses, left), ([200] * 40, 60))

    def test_readers_do_not_wait_for_each_other(self):
        entered = []

        @self.app.get("/slow")
        async def slow(db: DB):
            await db.scalar(select(Product.stock))
            entered.append(1)
            for _ in range(400):
                if len(entered) == 3:
                    return "together"
                await asyncio.sleep(0.005)
            return "alone"

        async def three():
            return [a.json() for a in await asyncio.gather(*(send(self.app, "GET", "/slow") for _ in range(3)))]

        self.assertEqual(asyncio.run(three()), ["together"] * 3)

    def test_how_a_transaction_begins(self):
        self.assertEqual(_engine.begin_mode({}), "IMMEDIATE")
        for method, mode in [("GET", "DEFERRED"), ("HEAD", "DEFERRED"), ("POST", "IMMEDIATE")]:
            token = _engine.request_method.set(method)
            self.assertEqual(_engine.begin_mode({}), mode)
            self.assertEqual(_engine.begin_mode({"sqlite_begin": "EXCLUSIVE"}), "EXCLUSIVE")
            _engine.request_method.reset(token)

    def test_the_execution_option_takes_the_write_lock(self):
        async def second_writer():
            async with open_session() as db:
                await db.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
                other = sqlite3.connect("shop.db", timeout=0)
                try:
                    with self.assertRaisesRegex(sqlite3.OperationalError, "locked"):
                        other.execute("BEGIN IMMEDIATE")
                finally:
                    other.close()
            await _engine.dispose()

        token = _engine.request_method.set("GET")
        asyncio.run(second_writer())
        _engine.request_method.reset(token)

    def test_an_error_rolls_back(self):
        @self.app.post("/fails")
        async def fails(db: DB):
            await db.execute(text("UPDATE products SET stock = 0"))
            raise RuntimeError

        self.assertEqual(call(self.app, "POST", "/fails").status_code, 500)
        self.assertEqual(call(self.app, "GET", "/stock").json(), 100)

    def test_one_engine_per_loop_and_url_until_shutdown(self):
        async def during():
            first = _engine.session_factory()
            self.assertIs(_engine.session_factory(), first)
            os.environ["DATABASE_URL"] = "sqlite:///other.db"
            self.assertIsNot(_engine.session_factory(), first)
            os.environ["DATABASE_URL"] = "sqlite:///shop.db"
            self.assertIs(_engine.session_factory(), first)
            self.assertEqual((await send(self.app, "GET", "/stock")).json(), 100)
            made.append(_engine._engines[asyncio.get_running_loop()])

        async def main():
            await lifespan(self.app, during)
            self.assertNotIn(asyncio.get_running_loop(), _engine._engines)
            for engine, _ in made[0].values():
                self.assertEqual(engine.pool.checkedin(), 0)

        made = []
        asyncio.run(main())

    def test_the_journal_mode_is_left_alone(self):
        call(self.app, "POST", "/buy")
        self.assertEqual(sorted(p.name for p in Path().iterdir()), ["shop.db"])


def _engine_folders():
    from covetpy import _settings

    return _settings._entry_folders


def _touch(file):
    status = file.stat()
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000))


if __name__ == "__main__":
    unittest.main()
