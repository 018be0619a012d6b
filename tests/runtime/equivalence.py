#!/usr/bin/env python3
"""Boots a legacy application and its migrated form, asks both the same, and prints every difference.

    tests/runtime/equivalence.py LEGACY_DIR MIGRATED_DIR [--entry app:app] [--migrated-entry app:app]
                                 [--app-json FILE]

The folders are copied first and stay as they are. FILE has requests and sample bodies, as the app.json files
in tests/runtime/apps do (see tests/runtime/README.md); without it the requests are derived from the migrated
application's routes. Exit code 0: no difference; 1: differences; 2: an application did not start.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from driver.server import BootError  # noqa: E402
from driver.session import compare  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("legacy", type=Path)
    parser.add_argument("migrated", type=Path)
    parser.add_argument("--entry", help="module:attribute; default from FILE, else app:app")
    parser.add_argument("--migrated-entry", help="default: the same as --entry")
    parser.add_argument("--app-json", type=Path)
    arguments = parser.parse_args()
    file = arguments.app_json or arguments.legacy / "app.json"
    options = json.loads(file.read_text()) if file.is_file() else {}
    entry = arguments.entry or options.get("entry", "app:app")
    with tempfile.TemporaryDirectory(prefix="covet-equivalence-") as work:
        sides = []
        for name in ("legacy", "migrated"):
            sides.append(Path(work, name))
            shutil.copytree(getattr(arguments, name), sides[-1])
        try:
            report, _ = compare(*sides, (entry, arguments.migrated_entry or entry), options, work)
        except BootError as error:
            print(error, file=sys.stderr)
            return 2
    for difference in report.differences:
        print(difference)
    print(report.summary())
    return 1 if report.differences else 0


if __name__ == "__main__":
    sys.exit(main())
