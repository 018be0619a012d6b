"""Whether two answers are the same on the wire.

Status, headers and JSON must agree: key order, number types, text. A float column cannot keep that a client
wrote 1 and not 1.0: an integer that became the same number as a float is counted as widened; the other way
round is a difference. Two things legitimately differ between two runs of one program, and are accepted only
in pairs: moments (both sides within two minutes; those that sign a cookie, too) and random identifiers (UUIDs and
hexadecimal tokens; each of one side always stands for the same one of the other side).
"""

import base64
import json
import re
import time
from datetime import datetime, timezone

# Set by the server or by the transport, not by the application.
TRANSPORT_HEADERS = {"date", "server", "content-length", "transfer-encoding", "connection", "keep-alive"}
TOKEN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,64}", re.I)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
# What itsdangerous signs with the time: content.moment.signature
SEAL = re.compile(r"(?<=[\w-]\.)([\w-]{6})\.([\w-]{27})(?![\w-])")
NEAR_SECONDS = 120


class Comparison:
    """Compares pairs of answers of one session; remembers which random identifiers correspond."""

    def __init__(self):
        self.partners = {}
        self.widened = 0

    def differences(self, legacy, migrated):
        """Lines that say what differs; empty when the answers are the same."""
        if legacy.status == 0 and migrated.status == 500:
            return []  # a server of the target has to answer
        if legacy.status != migrated.status:
            return [f"status {legacy.status} became {migrated.status}{_excerpt(legacy, migrated)}"]
        found = []
        for name in sorted((set(legacy.headers) | set(migrated.headers)) - TRANSPORT_HEADERS):
            before, after = legacy.headers.get(name), migrated.headers.get(name)
            if name == "etag" and before and after:
                # The last part is of the folder, in which the two differ.
                before, after = before.rpartition("-")[0], after.rpartition("-")[0]
            if name == "allow" and before and after and _names(before) == _names(after):
                continue  # a set
            if before != after and not self._same_text(before or "", after or ""):
                found.append(f"header {name}: {before!r} became {after!r}")
        if "json" in legacy.headers.get("content-type", ""):
            before, after = _parsed(legacy.body), _parsed(migrated.body)
            found += self._values(before, after, "$")
        elif not self._same_text(legacy.body.decode("latin-1"), migrated.body.decode("latin-1")):
            found.append(f"body {_short(legacy.body)} became {_short(migrated.body)}")
        return found

    def _values(self, before, after, where):
        if type(before) is not type(after):
            if _is_now(before) and _is_now(after):
                return []
            if type(before) is int and type(after) is float and before == after:
                self.widened += 1
                return []
            return [f"{where}: {_short(before)} became {_short(after)}"]
        if isinstance(before, Pairs):
            return self._objects(before, after, where)
        if isinstance(before, list):
            if len(before) != len(after):
                return [f"{where}: {len(before)} elements became {len(after)}: {_short(before)} / {_short(after)}"]
            return [d for i, (b, a) in enumerate(zip(before, after)) for d in self._values(b, a, f"{where}[{i}]")]
        if isinstance(before, str):
            same = self._same_text(before, after)
        else:
            same = before == after or (before != before and after != after)
            same = same or (not isinstance(before, bool) and _is_now(before) and _is_now(after))
        return [] if same else [f"{where}: {_short(before)} became {_short(after)}"]

    def _objects(self, before, after, where):
        old, new = [k for k, _ in before.items], [k for k, _ in after.items]
        if len(old) != len(new) or not all(self._same_text(b, a) for b, a in zip(old, new)):
            return [f"{where}: keys {_short(old)} became {_short(new)}"]
        return [
            d
            for (key, b), (_, a) in zip(before.items, after.items)
            for d in self._values(b, a, f"{where}.{key}")
        ]

    def _same_text(self, before, after):
        if before == after:
            return True
        if _moments_apart(before, after):
            return True
        if _sealed_apart(before, after):
            return True
        # Tokens and moments inside of longer text, such as a Location header.
        old, new = TOKEN.split(before), TOKEN.split(after)
        if len(old) == 1 or old != new:
            return False
        return all(
            len(b[0]) == len(a[0]) and self.partners.setdefault(b[0], a[0]) == a[0]
            for b, a in zip(TOKEN.finditer(before), TOKEN.finditer(after))
        )


class Pairs:
    """A JSON object with its keys in order, repeated ones included."""

    def __init__(self, items):
        self.items = items

    def __repr__(self):
        return "{" + ", ".join(f"{json.dumps(k)}: {v!r}" for k, v in self.items) + "}"


def _names(header):
    return sorted(name.strip() for name in header.split(","))


def _parsed(body):
    if not body:
        return "(empty body)"
    try:
        return json.loads(body, object_pairs_hook=Pairs)
    except ValueError:
        return f"(not JSON) {body[:200]!r}"


def _is_now(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return any(abs(value / unit - time.time()) < NEAR_SECONDS for unit in (1, 1000))


def _moments_apart(before, after):
    """Both are moments, written alike, and close to each other and to now."""
    moments = [MOMENT.fullmatch(text) for text in (before, after)]
    if not all(moments) or moments[0][3] != moments[1][3] or before[10] != after[10]:
        return False
    seconds = [_epoch(text) for text in (before, after)]
    return abs(seconds[0] - seconds[1]) < NEAR_SECONDS


def _sealed_apart(before, after):
    """The same content, signed at two moments that are close to each other and to now."""
    seals = [SEAL.findall(text) for text in (before, after)]
    if not seals[0] or SEAL.sub("", before) != SEAL.sub("", after):
        return False
    return all(
        b == a or (b[0] != a[0] and _is_now(_sealing_moment(b[0])) and _is_now(_sealing_moment(a[0])))
        for b, a in zip(*seals)
    )


def _sealing_moment(text):
    return int.from_bytes(base64.urlsafe_b64decode(text + "=="), "big")


def _epoch(text):
    moment = datetime.fromisoformat(text[:19].replace(" ", "T"))
    return moment.replace(tzinfo=timezone.utc).timestamp()


def _short(value):
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."


def _excerpt(legacy, migrated):
    return f": {_short(legacy.body)} became {_short(migrated.body)}"
