"""Entry point: patterns become regular expressions, their groups keyword arguments."""
import json

import service  # noqa: F401
from web import TABLE, Call, Problem


def lookup(verb, path):
    import re
    for (known, pattern), function in TABLE.items():
        found = re.match("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern) + "$", path)
        if known == verb and found:
            return function, found.groupdict()
    return None, {}


async def answer(send, status, payload):
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(payload).encode()})


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    raw = b""
    while True:
        event = await receive()
        raw += event.get("body", b"")
        if not event.get("more_body"):
            break
    function, groups = lookup(scope["method"], scope["path"])
    if not function:
        await answer(send, 404, {"error": "nothing here"})
        return
    try:
        result = function(Call(scope, raw), **groups)
    except Problem as problem:
        await answer(send, problem.status, {"error": problem.message})
        return
    except (KeyError, ValueError) as error:
        await answer(send, 400, {"error": type(error).__name__, "detail": "bad request: %s" % error})
        return
    if isinstance(result, tuple):
        await answer(send, result[1], result[0])
    else:
        await answer(send, 200, result)
