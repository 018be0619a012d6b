"""Drives an application in process: ``call(app, "POST", "/items", json={...})``."""

import asyncio
import os
import sys
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(REPOSITORY / "core" / "resources" / "runtime"))

import httpx  # noqa: E402


async def send(app, method, path, **options):
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://app.test") as client:
        return await client.request(method, path, **options)


def call(app, method, path, **options):
    return asyncio.run(send(app, method, path, **options))


async def lifespan(app, during):
    """Starts the application, awaits `during()`, stops the application, returns what it sent."""
    steps = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent = []

    async def receive():
        message = next(steps)
        if message["type"] == "lifespan.shutdown":
            await during()
        return message

    async def collect(message):
        sent.append(message["type"])

    await app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, collect)
    return sent


class InTemporaryFolder(unittest.TestCase):
    """Each test has an empty working folder and no ``DATABASE_URL``."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        self.folder = Path(folder.name).resolve()
        previous = os.environ.pop("DATABASE_URL", None)
        self.addCleanup(self._restore, previous)

    @staticmethod
    def _restore(url):
        os.environ.pop("DATABASE_URL", None)
        if url is not None:
            os.environ["DATABASE_URL"] = url
