#!/usr/bin/env python3
"""Migrates legacy applications and compares each with its migrated form: see tests/runtime/README.md.

    tests/runtime/suite.py --cli build/dev/bin/covetpy-migrate [FOLDER...] [--jobs 2] [--work DIR]

FOLDER has an app.json; without one all of tests/runtime/apps and the example are taken. Exit code 0: all equal;
1: a difference; 77: nothing failed, but only applications that are expected to be "pending" were asked for.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from driver.server import BootError  # noqa: E402
from driver.session import compare  # noqa: E402

SKIPPED = 77


class Failure(Exception):
    """The application could not be migrated or compared at all."""


def migrate(cli, folder, work, target, phase, stepwise=False):
    """Runs the migration in `folder` up to a phase, or its phases one by one, and returns its JSON report."""
    common = ["--project-path", str(folder), "--format", "json", "--target", target]
    if target == "covetpy":
        common.append("--vendor-runtime")
    environment = {**os.environ, "XDG_STATE_HOME": str(work / "state")}
    environment.pop("DATABASE_URL", None)

    def command(*words):
        done = subprocess.run([str(cli), *words, *common], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120)  # fmt: skip
        (work / "report.json").write_bytes(done.stdout)
        if done.returncode != 0:
            raise Failure(f"{words[0]} ended with {done.returncode}: {(done.stderr or done.stdout).decode()[-1500:]}")
        return json.loads(done.stdout)

    if not stepwise:
        return command("run", "--url", "sqlite:///app.db", "--yes", "--phase", str(phase))
    command("code", "--write", "--phase", "1")
    report = command("run", "--url", "sqlite:///app.db", "--yes", "--phase", "2")
    for step in range(3, phase + 1):
        command("code", "--write", "--phase", str(step))
    return report


def migrated_entry(report, legacy_entry):
    apps = report["apps"]
    if len(apps) != 1:
        raise Failure(f"the report names {len(apps)} applications after the migration: {apps}")
    return f"{apps[0]['module']}:{apps[0]['attribute']}"


def check(cli, folder, work, phase):
    """(what was found as text, whether all was equal) for one application, on all targets it names."""
    options = json.loads((folder / "app.json").read_text())
    targets = options.get("targets", ["covetpy"])
    phase = options.get("phase", phase)
    found = [check_target(cli, folder, work / target, options, target, phase) for target in targets]
    return "\n".join(f"{target}: {text}" for target, (text, _) in zip(targets, found)), all(equal for _, equal in found)


def check_target(cli, folder, work, options, target, phase):
    source = folder / os.path.expandvars(options.get("source", "."))
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for side in ("legacy", "migrated"):
        files = options.get("files")
        ignored = shutil.ignore_patterns("app.json", "__pycache__")
        if files is None:
            shutil.copytree(source, work / side, ignore=ignored)
        else:
            (work / side).mkdir()
            for name in files:
                shutil.copy(source / name, work / side / name)
    report = migrate(cli, work / "migrated", work, target, phase, options.get("stepwise", False))
    entries = (options["entry"], migrated_entry(report, options["entry"]))
    found, application = compare(work / "legacy", work / "migrated", entries, options, work)
    problems = list(found.differences)
    if not application.startswith(options.get("stays_on", target) + "."):
        problems.append(f"the application is still a {application}")
    manual = report["summary"]["store_uses"]["manual"]
    if manual > options.get("manual_uses", 0):
        problems.append(f"{manual} uses of stores were left for manual work")
    return "\n".join([*problems[:25], found.summary()]), not problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--cli", type=Path, required=True)
    parser.add_argument("--phase", type=int, default=2, help="for applications whose app.json names none")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--work", type=Path, default=HERE.parents[1] / "build" / "runtime")
    arguments = parser.parse_args()
    folders = arguments.folders or [
        *sorted(p.parent for p in (HERE / "apps").glob("*/app.json")),
        HERE.parents[1] / "examples" / "legacy_shop",
    ]
    cli = arguments.cli.resolve()

    def one(folder):
        folder = folder.resolve()
        pending = json.loads((folder / "app.json").read_text()).get("expect", "equal") != "equal"
        try:
            text, equal = check(cli, folder, arguments.work.resolve() / folder.name, arguments.phase)
        except (Failure, BootError, subprocess.TimeoutExpired) as error:
            text, equal = str(error), False
        verdict = "equal" if equal else "pending" if pending else "FAILED"
        print(f"{folder.name}: {verdict}{' (was pending)' if equal and pending else ''}\n  {text}\n", flush=True)
        return verdict

    with ThreadPoolExecutor(arguments.jobs) as pool:
        verdicts = list(pool.map(one, folders))
    counts = [verdicts.count(name) for name in ("equal", "FAILED", "pending")]
    print("{} passed, {} failed, {} skipped".format(*counts))
    if counts[1]:
        return 1
    return SKIPPED if counts[2] and not counts[0] else 0


if __name__ == "__main__":
    sys.exit(main())
