"""Executes the generated models of every case: check_models.py FOLDER.

Each store of the legacy application must come back the same, with the same types and the same order
of keys, from rows that the models wrote and from rows that the generated SQL wrote.
"""
import asyncio
import importlib
import json
import os
import sqlite3
import sys
import tempfile

from sqlalchemy import select
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
    query = select(model).order_by(getattr(model, store["order"]))
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
    engine = create_async_engine(url)
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


def check_case(folder, problems):
    sys.path.insert(0, folder)
    for name in ("app", "models"):
        sys.modules.pop(name, None)
    app, models = importlib.import_module("app"), importlib.import_module("models")
    with open(os.path.join(folder, "stores.json")) as file:
        stores = json.load(file)
    name = os.path.basename(folder)
    with tempfile.TemporaryDirectory() as scratch:
        made = os.path.join(scratch, "made.db")
        asyncio.run(check(f"sqlite+aiosqlite:///{made}", models, app, stores, True, problems, f"{name}, written by models"))
        loaded = os.path.join(scratch, "loaded.db")
        with open(os.path.join(folder, "sqlite.sql"), encoding="utf-8", newline="") as file:
            connection = sqlite3.connect(loaded)
            connection.executescript(file.read())
            connection.close()
        asyncio.run(check(f"sqlite+aiosqlite:///{loaded}", models, app, stores, False, problems, f"{name}, written by SQL"))
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
