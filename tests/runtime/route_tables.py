#!/usr/bin/env python3
"""Compares the routes that `analyze` finds with those that the framework registers when the application is imported.

    tests/runtime/route_tables.py --cli build/dev/bin/covetpy-migrate [--python CMD] [FOLDER...]

FOLDER has an app.json, or is a project with one application. Without one all applications of tests/runtime/apps are
taken; those that are neither on FastAPI nor on Flask are left out. Exit code 1: of all routes, found or registered,
fewer than 98 % are both.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENOUGH = 0.98

#: Runs in the application's environment; the last line that it prints is the table, or null.
PRINT_TABLE = r"""
import importlib, inspect, json, os, re, sys
sys.path.insert(0, os.getcwd())
for server in ("flask.Flask", "uvicorn"):  # some start it when they are imported
    package, _, part = server.partition(".")
    try:
        owner = importlib.import_module(package)
        setattr(getattr(owner, part) if part else owner, "run", lambda *_, **__: None)
    except ModuleNotFoundError:
        pass
name, _, attribute = sys.argv[1].partition(":")
app = getattr(importlib.import_module(name), attribute)
if inspect.isfunction(app) and not inspect.iscoroutinefunction(app):
    app = app()

def of_fastapi(routes, prefix=""):
    for route in routes:
        inner = getattr(route, "app", None)
        if type(route).__name__ == "Mount" and hasattr(inner, "routes"):
            yield from of_fastapi(inner.routes, prefix + route.path)
        elif getattr(route, "methods", None) and not is_page(route):
            yield from ((method, prefix + re.sub(r":\w+}", "}", route.path)) for method in route.methods)

def is_page(route):  # of documentation
    return not route.include_in_schema and getattr(route.endpoint, "__module__", "").startswith("fastapi.")

def of_flask(rules):
    for rule in rules:
        if rule.endpoint == "static" or rule.endpoint.endswith(".static"):
            continue
        path = re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule)
        yield from ((method, path) for method in rule.methods - {"HEAD", "OPTIONS"})

kind = next((base.__module__.split(".")[0] for base in type(app).__mro__ if base.__module__.split(".")[0] in ("fastapi", "flask")), "")
table = of_fastapi(app.routes) if kind == "fastapi" else of_flask(app.url_map.iter_rules()) if kind == "flask" else None
print()
print(json.dumps(None if table is None else sorted(set(table))))
"""


class NotCompared(Exception):
    """The application cannot be imported, or it is not known which one it is."""


def registered(python, source, entry):
    """The framework's own table; None when the application is on neither framework."""
    command = [*python, "-c", PRINT_TABLE, entry]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    if done.returncode:
        raise NotCompared((done.stderr.strip().splitlines() or ["it cannot be imported"])[-1])
    table = json.loads(done.stdout.splitlines()[-1])
    return None if table is None else {tuple(route) for route in table}


def entries_of(report, source):
    """Folders to import from, each with module:attribute, of a project's only application."""
    apps = [app for app in report["apps"] if app["framework"] in ("fastapi", "flask")]
    if len(apps) != 1:
        raise NotCompared(f"the report names {len(apps)} applications")
    file = source / apps[0]["file"]
    package = file.parent
    while (package / "__init__.py").exists() and package != source:
        package = package.parent
    for home in dict.fromkeys([package, source]):
        parts = file.relative_to(home).with_suffix("").parts
        yield home, ".".join(part for part in parts if part != "__init__") + ":" + apps[0]["attribute"]


def compare(cli, python, folder):
    """(routes in both, those in one only as text); None for other frameworks."""
    source = Path(folder).resolve()
    options = {}
    if (source / "app.json").exists():
        options = json.loads((source / "app.json").read_text())
        source = (source / os.path.expandvars(options.get("source", "."))).resolve()
    done = subprocess.run([cli, "analyze", source, "--format", "json"], capture_output=True, text=True, timeout=300, check=True)
    report = json.loads(done.stdout)
    entries = [(source, options["entry"])] if options else list(entries_of(report, source))
    for home, entry in entries:
        try:
            table = registered(python, home, entry)
            break
        except NotCompared:
            if (home, entry) == entries[-1]:
                raise
    if table is None:
        return None
    ours = {(route["method"], re.sub(r":\w+}", "}", route["path"])) for route in report["routes"]}
    missing = [f"missing {method} {route}" for method, route in sorted(table - ours)]
    extra = [f"not registered {method} {route}" for method, route in sorted(ours - table)]
    return len(table & ours), missing + extra


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cli", required=True)
    parser.add_argument("--python", default=str(HERE / "python"))
    parser.add_argument("folders", nargs="*")
    options = parser.parse_args()
    cli = str(Path(options.cli).resolve())
    folders = options.folders or [str(file.parent) for file in sorted(HERE.glob("apps/*/app.json"))
                                  if not file.parent.name.startswith("http_")]  # these register no routes
    folders = [folder for folder in folders if options.folders or not needs_samples(folder)]

    def one(folder):
        try:
            return compare(cli, options.python.split(), folder)
        except (NotCompared, subprocess.SubprocessError) as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(zip(folders, pool.map(one, folders)))
    both = either = compared = failed = 0
    for folder, outcome in outcomes:
        if isinstance(outcome, str):
            failed += 1
            print(f"{Path(folder).name}: not compared: {outcome}")
        elif outcome:
            compared += 1
            both += outcome[0]
            either += outcome[0] + len(outcome[1])
            for line in outcome[1]:
                print(f"{Path(folder).name}: {line}")
    share = both / max(1, either)
    print(f"{both} of {either} routes ({share:.1%}) of {compared} applications are the framework's own")
    return 0 if share >= ENOUGH and (options.folders or not failed) else 1


def needs_samples(folder):
    return "$" in json.loads((Path(folder) / "app.json").read_text()).get("source", "")


if __name__ == "__main__":
    sys.exit(main())
