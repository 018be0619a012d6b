"""The name by which the application still tells of its migrations.

`flask db` needs Flask. Alembic itself reads the same revisions: `alembic -c migrations/alembic.ini upgrade head`, once
`migrations/env.py` takes the metadata and the engine from the application's `db`.
"""

from __future__ import annotations

from typing import Any

__all__ = ["Migrate"]


class Migrate:
    def __init__(self, app: Any = None, db: Any = None, directory: str = "migrations", **options: Any) -> None:
        self.db, self.directory, self.options = db, directory, options

    def init_app(self, app: Any, db: Any = None, directory: Any = None, **options: Any) -> None:
        self.db, self.directory, self.options = db or self.db, directory or self.directory, {**self.options, **options}
