"""Requests, as an application's ``app.json`` lists them and as they are derived from its routes."""

import json
import re
from typing import NamedTuple, Optional
from urllib.parse import quote

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
MISSING_IDS = ["999999", "0", "-1", "99999999999999999999"]
MALFORMED_IDS = ["abc", "1.0", "01", "1_0", "%20", "%201", "%D9%A3", "None", "a%27b", "true"]
VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
WRITING = {"POST", "PUT", "PATCH"}
BAD_BODIES = [b"{", b"{}", b"\xff"]
OTHER_BODIES = [b"null", b"[]", b"5", b'"text"', b'[{"a": 1}]']
TYPE_VARIANTS = ["text", 7, 2.5, True, None, [1], {"nested": "yes"}, "x" * 2000, "", "é\U0001f600", -5, 10**25]


class Request(NamedTuple):
    method: str
    path: str
    body: Optional[bytes] = None
    headers: dict = {}

    def __str__(self):
        body = "" if self.body is None else " " + self.body.decode("utf-8", "backslashreplace")[:120]
        return f"{self.method} {self.path}{body}"


def is_malformed(body):
    """Whether there is a body and it is not JSON."""
    try:
        json.loads(body or b"null")
    except ValueError:
        return True
    return False


def listed(entry):
    """One entry of ``requests``: ``["POST", "/users", {...}]`` or an object with method, path, json, body."""
    if isinstance(entry, list):
        entry = dict(zip(("method", "path", "json"), entry))
    body = entry["body"].encode() if "body" in entry else None
    if "json" in entry:
        body = json.dumps(entry["json"]).encode()
    return Request(entry["method"], entry["path"], body, headers_for(body, entry.get("headers")))


def headers_for(body, extra=None):
    headers = dict(extra or {})
    if body is not None:
        headers.setdefault("Content-Type", "application/json")
    return headers


def with_json(method, path, value, headers=None):
    body = json.dumps(value).encode()
    return Request(method, path, body, headers_for(body, headers))


class Plan:
    """Derives requests from routes, from field values seen in answers, and from sample bodies."""

    def __init__(self, routes, bodies, headers, query_names):
        self.routes, self.bodies, self.headers, self.query_names = routes, bodies, headers, query_names
        self.values = {}  # field name -> values seen in answers

    def learn(self, body):
        try:
            self._collect(json.loads(body))
        except ValueError:
            pass

    def _collect(self, value):
        if isinstance(value, list):
            for element in value:
                self._collect(element)
        elif isinstance(value, dict):
            for name, element in value.items():
                if isinstance(element, (str, int, float)) and not isinstance(element, bool):
                    seen = self.values.setdefault(name, [])
                    if element not in seen and len(seen) < 8:
                        seen.append(element)
                self._collect(element)

    # -- what to put where a path has parameters -------------------------------------------------

    def known(self, parameter):
        """Values that the application has shown for this parameter, and small numbers."""
        found = list(self.values.get(parameter, []))
        for name in re.findall(r"(?:^|_)(id|name|key|code|slug|sku|token|email)$", parameter):
            found += self.values.get(name, [])
        if parameter not in self.values:
            found += self.values.get("id", [])
        found = [quote(str(value), safe="") for value in found]
        return list(dict.fromkeys([*found[:3], "1", "2", *found[3:4]]))

    def paths(self, pattern, candidates):
        """The pattern with each candidate in turn for one parameter, the others being known values."""
        names = PARAMETER.findall(pattern)
        if not names:
            return [pattern]
        made = []
        for name in names:
            for candidate in candidates(name):
                chosen = {other: self.known(other)[0] for other in names}
                chosen[name] = candidate
                made.append(PARAMETER.sub(lambda match: chosen[match[1]], pattern))
        return list(dict.fromkeys(made))

    # -- groups of requests ----------------------------------------------------------------------

    def reads(self):
        for method, pattern in self.routes:
            if method in ("GET", "HEAD"):
                for path in self.paths(pattern, self.known):
                    yield self._request(method, path)

    def odd_reads(self):
        for method, pattern in self.routes:
            if method != "GET":
                continue
            for path in self.paths(pattern, lambda name: MISSING_IDS + MALFORMED_IDS):
                yield self._request(method, path)
            path = self.paths(pattern, self.known)[0]
            for name in self.query_names:
                for value in [*self.values.get(name, [])[:2], "zzz", "", "1"]:
                    yield self._request(method, f"{path}?{name}={quote(str(value))}")
            yield self._request(method, f"{path}?unknown=1&unknown=2")

    def wrong_methods(self):
        have = {}
        for method, pattern in self.routes:
            have.setdefault(pattern, set()).add(method)
        for pattern, methods in have.items():
            for verb in VERBS:
                if verb not in methods:
                    body = b"{}" if verb in WRITING else None
                    yield self._request(verb, self.paths(pattern, self.known)[0], body)
        for path in ("/no/such/path", "/%F0%9F%98%80"):
            yield self._request("GET", path)

    def slashes(self):
        """Paths as hand-written routers that split and strip them may accept, and others do not."""
        for method, pattern in self.routes:
            if method == "GET":
                path = self.paths(pattern, self.known)[0]
                yield self._request(method, path + "/")
                yield self._request(method, "/" + path)

    def writes(self):
        """Valid bodies, each twice; keys left out; keys added; missing and malformed ids."""
        for method, pattern in self.routes:
            if method not in WRITING:
                continue
            path = self.paths(pattern, self.known)[0]
            for body in self.sample_bodies(method, pattern):
                yield with_json(method, path, body, self.headers)
                yield with_json(method, path, body, self.headers)
                if isinstance(body, dict):
                    for name in body:
                        rest = {key: value for key, value in body.items() if key != name}
                        yield with_json(method, path, rest, self.headers)
            if PARAMETER.search(pattern):
                body = self.sample_bodies(method, pattern)[0]
                for other in self.paths(pattern, lambda name: MISSING_IDS + MALFORMED_IDS[:4]):
                    yield with_json(method, other, body, self.headers)

    def bad_bodies(self):
        for method, pattern in self.routes:
            if method in WRITING:
                for body in BAD_BODIES:
                    yield self._request(method, self.paths(pattern, self.known)[0], body)

    def deletes(self):
        for method, pattern in self.routes:
            if method == "DELETE":
                for path in self.paths(pattern, lambda name: MISSING_IDS + MALFORMED_IDS):
                    yield self._request(method, path)
                path = self.paths(pattern, self.known)[-1]
                yield self._request(method, path)
                yield self._request(method, path)

    def wrong_types(self):
        """Bodies, and single values of valid bodies, of another type: code that does not check may accept them."""
        for method, pattern in self.routes:
            if method in WRITING:
                yield self._request(method, self.paths(pattern, self.known)[0], b"")
        for method, pattern in self.routes:
            if method not in WRITING:
                continue
            path = self.paths(pattern, self.known)[0]
            for body in OTHER_BODIES:
                yield self._request(method, path, body)
            for body in self.sample_bodies(method, pattern):
                for name in body if isinstance(body, dict) else ():
                    for value in TYPE_VARIANTS:
                        yield with_json(method, path, {**body, name: value}, self.headers)
                if isinstance(body, dict):
                    yield with_json(method, path, {**body, "unknown_key": {"a": [1, 2]}}, self.headers)

    def sample_bodies(self, method, pattern):
        given = self.bodies.get(f"{method} {pattern}")
        if given is not None:
            return given if isinstance(given, list) else [given]
        fields = {name: seen[0] for name, seen in list(self.values.items())[:8] if name != "id"}
        return [fields or {"name": "sample"}]

    def _request(self, method, path, body=None):
        return Request(method, path, body, headers_for(body, self.headers))
