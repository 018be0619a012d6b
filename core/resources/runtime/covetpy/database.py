"""The database session of a request.

    DB = Annotated[AsyncSession, Depends(get_database_session)]

The URL comes from the environment variable ``DATABASE_URL``, else from ``database.url`` in
``covetpy_config.json``; ``sqlite:///``, ``postgresql://`` and ``mysql://`` URLs are given the async driver's
form. On SQLite foreign keys are enforced, the journal mode is left as the file has it, and transactions are
serializable: see ``begin_mode`` in ``_engine.py``.
"""

from __future__ import annotations

from typing import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession

from ._engine import session_factory

__all__ = ["get_database_session"]


async def get_database_session() -> AsyncIterator[AsyncSession]:
    """Yields a session. What the handler did not commit is rolled back when it ends.

    Outside of a handler: ``async with contextlib.asynccontextmanager(get_database_session)() as db``.
    """
    async with session_factory()() as session:
        yield session
