#!/usr/bin/env python3
"""Applications that keep data in memory, before and after the store engine: check_stores.py MIGRATE_STORES [NAME...]

Each folder of apps/ is migrated, its rows are put into a SQLite file, both forms are booted and asked the same
(see tests/runtime/README.md), once as the engine decides and once with the bridge alone. Exit code 1: they differ, or a store stayed in memory.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent
RUNTIME = HERE.parents[2] / "core" / "resources" / "runtime" / "covetpy"
sys.path.insert(0, str(HERE.parent))

from driver.server import BootError  # noqa: E402
from driver.session import compare  # noqa: E402


def prepare(application, work, tool, how):
    """Folders of both forms, and the lines that the tool printed."""
    legacy, migrated = work / "legacy", work / "migrated"
    shutil.copytree(application, legacy)
    shutil.copytree(application, migrated)
    run = subprocess.run([tool, str(application), str(migrated), *how], stdout=subprocess.PIPE, check=True, text=True)
    for folder in (legacy, migrated):
        shutil.copytree(RUNTIME, folder / "covetpy")
    with closing(sqlite3.connect(migrated / "data.db")) as database:
        database.executescript((migrated / "rows.sql").read_text())
    (migrated / "covetpy_config.json").write_text(json.dumps({"database": {"url": "sqlite:///data.db"}}))
    return legacy, migrated, run.stdout.splitlines()


def check(application, tool, how):
    options = application / "app.json"
    options = json.loads(options.read_text()) if options.is_file() else {}
    entry = options.get("entry", "app:app")
    with tempfile.TemporaryDirectory(prefix="covet-stores-") as work:
        legacy, migrated, uses = prepare(application, Path(work), tool, how)
        manual = [line for line in uses if line.startswith("manual")]
        try:
            report, _ = compare(legacy, migrated, (entry, entry), options, work)
        except BootError as error:
            return [*manual, str(error)], "did not start"
    outcomes = " ".join(f"{sum(line.startswith(kind) for line in uses)} {kind}" for kind in ("exact", "bridged"))
    return [*manual, *report.differences], f"{report.summary()}; {outcomes}"


def main():
    tool, names = sys.argv[1], sys.argv[2:]
    failed = False
    for application in sorted((HERE / "apps").iterdir()):
        if names and application.name not in names:
            continue
        for how in ([], ["bridge"]):
            problems, summary = check(application, tool, how)
            print(f"{application.name} {' '.join(how)}: {summary}", flush=True)
            for problem in problems:
                print("    " + problem)
            failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
