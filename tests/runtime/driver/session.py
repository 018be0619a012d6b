"""Drives a legacy and a migrated application with the same requests and collects what differs."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import comparison, requests
from .server import Server

PARALLEL = 12


class Report:
    """What was asked, and every difference that was found."""

    def __init__(self):
        self.requests = 0
        self.differences = []  # texts
        # Differences that are allowed and only counted.
        self.diverged = 0  # answers that differ because of what was refused before them
        self.narrowed = 0  # badly typed input that is now refused, see requests.Plan.wrong_types
        self.widened = 0  # integers that came back as floats, see comparison
        self.slashes = 0  # paths with surplus slashes that are answered differently
        self.malformed = 0  # where app.json allows it: another error body for what is no JSON
        self.statuses = {}

    def counted(self, answer):
        self.requests += 1
        self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1

    def summary(self):
        statuses = " ".join(f"{status}x{count}" for status, count in sorted(self.statuses.items()))
        allowed = "".join(
            f", {getattr(self, name)} {name}" for name in ("narrowed", "diverged", "widened", "slashes", "malformed") if getattr(self, name)
        )
        return f"{self.requests} requests ({statuses}), {len(self.differences)} differences{allowed}"


class Session:
    def __init__(self, legacy, migrated, report, allowed=()):
        self.legacy, self.migrated, self.report, self.allowed = legacy, migrated, report, allowed
        self.comparison = comparison.Comparison()

    def exchange(self, request, phase):
        """Sends to both, compares, and returns the legacy answer."""
        before = self.legacy.send(request)
        after = self.migrated.send(self.translated(request))
        self.report.counted(before)
        lines = self.comparison.differences(before, after)
        if lines and self._is_allowed(request, before, after):
            self.report.malformed += 1
        elif lines:
            self.report.differences.append(f"[{phase}] {request}\n" + "\n".join(f"      {x}" for x in lines[:6]))
        return before

    def _is_allowed(self, request, before, after):
        same_error = before.status == after.status >= 400
        return "malformed" in self.allowed and same_error and requests.is_malformed(request.body)

    def translated(self, request):
        """The request with the other side's random identifiers in place of the legacy application's."""
        partners = self.comparison.partners
        if not partners:
            return request

        def swap(text):
            return comparison.TOKEN.sub(lambda match: partners.get(match[0], match[0]), text)

        body = request.body and swap(request.body.decode("latin-1")).encode("latin-1")
        return request._replace(path=swap(request.path), body=body)

    def in_parallel(self, request, phase):
        """Sends a request several times at once: the same answers must come, in whatever order."""
        with ThreadPoolExecutor(PARALLEL) as pool:
            sides = [
                sorted(pool.map(server.send, [each] * PARALLEL), key=lambda a: (a.status, len(a.body), a.body))
                for server, each in ((self.legacy, request), (self.migrated, self.translated(request)))
            ]
        found = [x for pair in zip(*sides) for x in comparison.Comparison().differences(*pair)]
        if found:
            self.report.differences.append(
                f"[{phase}] {PARALLEL} at once: {request}\n" + "\n".join(f"      {x}" for x in found[:6])
            )


def compare(legacy_folder, migrated_folder, entries, options, work):
    """Boots both applications and goes through all phases. `entries` are their ``module:attribute``.

    `options` is the content of ``app.json``; `work` is a folder for logs and copies. The folders of the
    applications are used as they are and may be changed by them.
    """
    report = Report()
    # The legacy application may keep its data in files.
    spares = [Path(work) / "spare-legacy", Path(work) / "spare"]
    for folder, spare in zip((legacy_folder, migrated_folder), spares):
        shutil.rmtree(spare, ignore_errors=True)
        shutil.copytree(folder, spare)
    logs = [Path(work) / "legacy.log", Path(work) / "migrated.log"]
    for log in logs:
        log.unlink(missing_ok=True)
    with Server(legacy_folder, entries[0], logs[0]) as legacy:
        with Server(migrated_folder, entries[1], logs[1]) as migrated:
            plan = _plan(legacy_folder, migrated, options)
            session = Session(legacy, migrated, report, options.get("allow", ()))
            _main_phases(session, plan, options)
            reads = list(plan.reads())
            kept = [migrated.send(session.translated(request)) for request in reads]
            report.widened = session.comparison.widened
        if options.get("persistent", True):
            with Server(migrated_folder, entries[1], logs[1]) as again:
                _compare_after_restart(session, again, reads, kept, report)
    if options.get("generate", True):
        with Server(spares[0], entries[0], logs[0]) as legacy, Server(spares[1], entries[1], logs[1]) as migrated:
            _badly_typed(legacy, migrated, plan, report)
    return report, migrated.application


def _plan(folder, migrated, options):
    routes = [tuple(route) for route in options.get("routes", [])]
    routes += [route for route in migrated.routes if route not in routes]
    sources = "\n".join(p.read_text(errors="replace") for p in sorted(Path(folder).rglob("*.py")))
    names = re.findall(r"""(?:query|args|params|qs|q)\b[^\n]{0,20}?(?:\.get\(|\[)\s*["'](\w+)["']""", sources)
    return requests.Plan(routes, options.get("bodies", {}), options.get("headers", {}), sorted(set(names)))


def _main_phases(session, plan, options):
    def ask(phase, batch):
        for request in batch:
            plan.learn(session.exchange(request, phase).body)

    ask("listed", [requests.listed(entry) for entry in options.get("requests", [])])
    if not options.get("generate", True):
        return
    ask("reads", list(plan.reads()))
    ask("reads", list(plan.reads()))  # again, with the identifiers that the first round has shown
    ask("writes", list(plan.writes()))
    ask("reads after writes", list(plan.reads()))
    if options.get("parallel", True):
        for method, pattern in plan.routes:
            if method in requests.WRITING and f"{method} {pattern}" in plan.bodies:
                path = plan.paths(pattern, plan.known)[0]
                body = plan.sample_bodies(method, pattern)[0]
                session.in_parallel(requests.with_json(method, path, body, plan.headers), "parallel")
        ask("reads after parallel writes", list(plan.reads()))
    ask("odd reads", list(plan.odd_reads()))
    ask("wrong methods", list(plan.wrong_methods()))
    ask("bad bodies", list(plan.bad_bodies()))
    ask("reads after bad bodies", list(plan.reads()))
    ask("deletes", list(plan.deletes()))
    ask("reads after deletes", list(plan.reads()))
    _slashes(session, plan)
    ask("listed again", [requests.listed(entry) for entry in options.get("requests", [])])


def _slashes(session, plan):
    for request in plan.slashes():
        before, after = session.legacy.send(request), session.migrated.send(session.translated(request))
        session.report.counted(before)
        session.report.slashes += bool(session.comparison.differences(before, after))


def _compare_after_restart(session, server, reads, kept, report):
    for request, before in zip(reads, kept):
        after = server.send(session.translated(request))
        report.counted(after)
        lines = comparison.Comparison().differences(before, after)
        if lines:
            report.differences.append(
                f"[after a restart of the migrated application] {request}\n" + "\n".join(f"      {x}" for x in lines[:6])
            )


def _badly_typed(legacy, migrated, plan, report):
    """Types that code does not check may be refused after the migration, but never end in an error."""
    for request in plan.wrong_types():
        before, after = legacy.send(request), migrated.send(request)
        report.counted(before)
        # An error of the server may become one of the client: the value is refused before it does harm.
        if 400 <= after.status < 500 and before.status != after.status:
            report.narrowed += 1
        elif before.status != after.status and report.narrowed and after.status < 500:
            report.diverged += 1  # the legacy application holds what the migrated one has refused
        elif before.status != after.status and (before.status, after.status) != (0, 500):
            report.differences.append(
                f"[types] {request}\n      status {before.status} became {after.status}: {after.body[:160]!r}"
            )
        elif before.status >= 400 and request.body == b"":
            lines = comparison.Comparison().differences(before, after)
            report.differences += [f"[no body] {request}\n      {line}" for line in lines]
