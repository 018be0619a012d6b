"""Makes the module that a migration writes from its parts, and imports it as ``covet_bridge``."""

import importlib.util
import sys
from pathlib import Path

RESOURCES = Path(__file__).resolve().parents[3] / "core" / "resources"
PARTS = ("head", "stores", "values", "matching", "session", "sharing", "transaction", "running", "starting", "late")


def import_bridge():
    sys.path.insert(0, str(RESOURCES / "runtime"))
    folder = RESOURCES / "templates" / "bridge"
    text = "\n\n".join((folder / f"{part}.py").read_text() for part in PARTS)
    text = text.replace("from contextvars import ContextVar\n", "from contextvars import ContextVar\nfrom importlib import import_module\n")
    spec = importlib.util.spec_from_loader("covet_bridge", None)
    module = importlib.util.module_from_spec(spec)
    sys.modules["covet_bridge"] = module
    exec(compile(text, "covet_bridge.py", "exec"), module.__dict__)
    return module


covet_bridge = import_bridge()
