"""Where the database is: environment variable ``DATABASE_URL``, else ``covetpy_config.json``.

The file is looked for in the working directory, then beside the module that made the ``CovetApp`` and, if
that module is inside a package, beside the package. A relative SQLite path in the file is relative to the
file; one in the environment is relative to the working directory.
"""

from __future__ import annotations

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Dict, List, Mapping, NamedTuple, Optional

from ._url import FORMS, Target, target
from .exceptions import ConfigurationError

FILE_NAME = "covetpy_config.json"
_HELP = (
    f'set the environment variable DATABASE_URL, or {{"database": {{"url": ...}}}} in {FILE_NAME}, '
    f"to a URL such as {FORMS}"
)
_PLACEHOLDERS = ("${", "<", "change_me", "changeme")

_entry_folders: List[Path] = []


class DatabaseSettings(NamedTuple):
    target: Target
    pool_size: int
    max_overflow: int
    echo: bool


def note_entry_module(names: Mapping[str, Any]) -> None:
    """Remembers the folder of the module that makes an application; `names` are its globals."""
    file = names.get("__file__")
    if not file:
        return
    folder = Path(file).resolve().parent
    depth = str(names.get("__name__", "")).count(".")
    for candidate in (folder, *list(folder.parents)[:depth]):
        if candidate not in _entry_folders:
            _entry_folders.append(candidate)


def database_settings() -> DatabaseSettings:
    """The settings as they are now. Raises ``ConfigurationError`` when no usable URL is set."""
    file = _config_file()
    options = _read(file, file.stat().st_mtime_ns) if file else {}
    text = os.environ.get("DATABASE_URL") or ""
    source, base = "DATABASE_URL", Path.cwd()
    if not text.strip() and file is not None:
        text = str(options.get("url") or "")
        source, base = str(file), file.parent
    text = text.strip()
    if not text:
        raise ConfigurationError(f"No database URL: {_HELP}.")
    if any(mark in text.lower() for mark in _PLACEHOLDERS):
        raise ConfigurationError(f"The database URL in {source} is still a placeholder: {_HELP}.")
    return DatabaseSettings(
        target=target(text, base, source),
        pool_size=int(options.get("pool_size", 20)),
        max_overflow=int(options.get("max_overflow", 30)),
        echo=bool(options.get("echo", False)),
    )


def _config_file() -> Optional[Path]:
    for folder in (Path.cwd(), *_entry_folders):
        if (folder / FILE_NAME).is_file():
            return folder / FILE_NAME
    return None


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int) -> Dict[str, Any]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigurationError(f"{file} is not valid JSON: {error}") from None
    section = content.get("database") if isinstance(content, dict) else None
    return section if isinstance(section, dict) else {}
