"""Executes the generated models of every case: check_models.py FOLDER.

Each store of the legacy application must come back the same, with the same types and the same order
of keys, from rows that the models wrote and from rows that the generated SQL wrote. Besides SQLite
the servers of COVET_TEST_POSTGRES_URL and COVET_TEST_MYSQL_URL are used where they are set.
"""
import asyncio
import importlib
import json
import os
import sqlite3
import sys
import tempfile

from sqlalchemy import NullPool, make_url, select, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine


def exact(value):
    """A text that differs where type, order of keys or value differ."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{exact(k)}: {exact(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (set, frozenset)):
        return "set(" + ", ".join(sorted(exact(item) for item in value)) + ")"
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value).__name__ + "(" + ", ".join(exact(item) for item in value) + ")"
    if hasattr(value, "__dict__") and type(value).__module__ == "app" and not hasattr(value, "value"):
        return type(value).__name__ + exact(vars(value))
    return f"{type(value).__name__}:{value!r}"


def elements(store, data):
    if store["container"] == "scalar":
        return [(store["name"], data)]
    if store["container"] == "dict":
        return list(data.items())
    return [(None, item) for item in data]


def make(model, store, key, content):
    if store["form"] == "record":
        return model.from_dict(content, key)
    if store["form"] == "object":
        return model.from_object(content, key)
    row = model(value=content)
    if store["key"]:
        setattr(row, store["key"], key)
    return row


def content_of(row, store):
    if store["form"] == "record":
        return row.to_dict()
    return row.to_object() if store["form"] == "object" else row.value


async def read(session, models, store, data):
    model = getattr(models, store["model"])
    query = select(model)
    if store["order"]:
        query = query.order_by(getattr(model, store["order"]))
    if store["container"] == "scalar":
        query = query.where(model.name == store["name"])
    rows = (await session.scalars(query)).all()
    contents = [content_of(row, store) for row in rows]
    if store["container"] == "scalar":
        return contents[0]
    if store["container"] == "set":
        return set(contents)
    if store["container"] == "list":
        return contents
    if store["key"]:
        return {getattr(row, store["key"]): content for row, content in zip(rows, contents)}
    key = next(iter(next(iter(data.values()))))
    return {content[key]: content for content in contents}


async def check(url, models, app, stores, fill, problems, what):
    engine = create_async_engine(url, poolclass=NullPool)
    if fill:
        async with engine.begin() as connection:
            await connection.run_sync(models.Base.metadata.create_all)
        async with AsyncSession(engine) as session:
            for store in stores:
                model = getattr(models, store["model"])
                for key, content in elements(store, getattr(app, store["name"])):
                    session.add(make(model, store, key, content))
                    await session.flush()
            await session.commit()
    async with AsyncSession(engine) as session:
        for store in stores:
            data = getattr(app, store["name"])
            expected, got = exact(data), exact(await read(session, models, store, data))
            if got != expected:
                problems.append(f"{what}: {store['name']}\n  expected {expected}\n  got      {got}")
    await engine.dispose()


async def on_sqlite(folder, case):
    with tempfile.TemporaryDirectory() as scratch:
        await case(f"sqlite+aiosqlite:///{scratch}/made.db", True)
        with open(os.path.join(folder, "sqlite.sql"), encoding="utf-8", newline="") as file:
            connection = sqlite3.connect(f"{scratch}/loaded.db")
            connection.executescript(file.read())
            connection.close()
        await case(f"sqlite+aiosqlite:///{scratch}/loaded.db", False)


async def on_server(folder, case, variable, driver, script):
    """The same in two databases that are made and dropped on a server."""
    if not os.environ.get(variable):
        return
    server = make_url(os.environ[variable]).set(drivername=driver)
    admin = create_async_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with open(os.path.join(folder, script), encoding="utf-8", newline="") as file:
        statements = file.read()
    for loaded in (False, True):
        name = f"covet_models_{os.getpid()}"
        async with admin.connect() as connection:
            collation = "" if "postgres" in driver else " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
            await connection.execute(text(f"CREATE DATABASE {name}{collation}"))
        url = server.set(database=name)
        try:
            if loaded:
                await (run_postgres if "postgres" in driver else run_mysql)(url, statements)
            await case(url, not loaded)
        finally:
            async with admin.connect() as connection:
                await connection.execute(text(f"DROP DATABASE {name}"))


async def run_postgres(url, statements):
    import asyncpg

    connection = await asyncpg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False))
    await connection.execute(statements)
    await connection.close()


async def run_mysql(url, statements):
    import aiomysql
    from pymysql.constants import CLIENT

    connection = await aiomysql.connect(
        host=url.host, port=url.port or 3306, user=url.username, password=url.password or "", db=url.database,
        charset="utf8mb4", autocommit=True, client_flag=CLIENT.MULTI_STATEMENTS)
    async with connection.cursor() as cursor:
        await cursor.execute(statements)
        while await cursor.nextset():
            pass
    connection.close()


def check_case(folder, problems):
    sys.path.insert(0, folder)
    for name in ("app", "models"):
        sys.modules.pop(name, None)
    app, models = importlib.import_module("app"), importlib.import_module("models")
    with open(os.path.join(folder, "stores.json")) as file:
        stores = json.load(file)

    async def case(url, fill):
        kind = str(url).split("+")[0]
        what = f"{os.path.basename(folder)}, {kind}, written by {'models' if fill else 'SQL'}"
        await check(url, models, app, stores, fill, problems, what)

    asyncio.run(on_sqlite(folder, case))
    asyncio.run(on_server(folder, case, "COVET_TEST_POSTGRES_URL", "postgresql+asyncpg", "postgres.sql"))
    asyncio.run(on_server(folder, case, "COVET_TEST_MYSQL_URL", "mysql+aiomysql", "mysql.sql"))
    sys.path.remove(folder)
    return len(stores)


def main():
    problems, stores = [], 0
    root = sys.argv[1]
    for name in sorted(os.listdir(root)):
        stores += check_case(os.path.join(root, name), problems)
    for problem in problems:
        print(problem)
    print(f"{stores} stores, {len(problems)} problems")
    return 1 if problems or not stores else 0


sys.exit(main())
