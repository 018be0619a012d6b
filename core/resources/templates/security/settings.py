"""Settings that are kept out of the code: from the environment, else from a file ``.env`` beside it or above.

A line of that file is ``NAME=value``; the value may be in quotes. It belongs to one machine: it is not shared.
"""

import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Dict


def setting(name: str) -> str:
    """The value of a setting. Raises ``RuntimeError`` when it is set nowhere."""
    value = os.environ.get(name, _from_file().get(name))
    if value is None:
        raise RuntimeError(f"{name} is not set: put it into the environment, or into a file .env as {name}=...")
    return value


@lru_cache(maxsize=None)
def _from_file() -> Dict[str, str]:
    for folder in Path(__file__).resolve().parents:
        path = folder / ".env"
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            return dict(_entry(line) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {}


def _entry(line: str) -> "tuple[str, str]":
    name, _, value = line.partition("=")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = json.loads(value)
    elif len(value) > 1 and value[0] == value[-1] == "'":
        value = value[1:-1]
    return name.replace("export ", "", 1).strip(), value
