"""Which handler answers a path."""

import inspect
import re

from ._http import Response

_FORMS = {"int": r"\d+", "float": r"[\d.]+", "str": "[^/]+"}


class CovetRouter:
    def __init__(self):
        self.fixed, self.variable = {}, []

    def add_route(self, path, handler, methods=("GET",)):
        if path.upper() in ("GET", "POST", "PUT", "DELETE", "PATCH"):  # (method, path, handler)
            path, handler, methods = handler, methods, [path]
        for method in [methods] if isinstance(methods, str) else methods:
            if "{" not in path and "<" not in path:
                self.fixed[path, method.upper()] = handler
            else:
                self.variable.append((path, self.compiled(path), method.upper(), handler))

    @staticmethod
    def compiled(path):
        out = ""
        for piece in re.split(r"(\{[^}]+\}|<[^>]+>)", path):
            if piece[:1] in ("{", "<"):
                form, _, name = piece[1:-1].rpartition(":")
                out += f"(?P<{name}>{_FORMS.get(form, '[^/]+')})"
            else:
                out += re.escape(piece)
        return re.compile(out)

    def find(self, path, method):
        if (path, method) in self.fixed:
            return self.fixed[path, method], {}
        for _, pattern, verb, handler in self.variable:
            match = pattern.fullmatch(path) if verb == method else None
            if match:
                return handler, {k: int(v) if v.isdigit() else v for k, v in match.groupdict().items()}
        return None, {}

    def all(self):
        return [(path, h, m) for (path, m), h in self.fixed.items()] + [(p, h, m) for p, _, m, h in self.variable]

    def route(self, path, methods=None, method=None, name=None):
        def register(handler):
            self.add_route(path, handler, methods or method or ["GET"])
            return handler

        return register

    def get(self, path, **_):
        return self.route(path, ["GET"])

    def post(self, path, **_):
        return self.route(path, ["POST"])

    def put(self, path, **_):
        return self.route(path, ["PUT"])

    def delete(self, path, **_):
        return self.route(path, ["DELETE"])

    def patch(self, path, **_):
        return self.route(path, ["PATCH"])

    def include_router(self, router, prefix=""):
        for path, handler, method in router.all():
            self.add_route(prefix + path, handler, [method])


class RouteGroup(CovetRouter):
    def __init__(self, prefix="", middleware=None, tags=None):
        super().__init__()
        self.prefix, self.middleware = prefix.rstrip("/"), middleware or []

    def all(self):
        return [(self.prefix + path, self.guarded(h), m) for path, h, m in super().all()]

    def include_in_router(self, router):
        for path, handler, method in self.all():
            router.add_route(path, handler, [method])

    def guarded(self, handler):
        if not self.middleware:
            return handler

        async def guard(request, **parts):
            for middleware in self.middleware:
                outcome = middleware(request)
                outcome = await outcome if inspect.isawaitable(outcome) else outcome
                if isinstance(outcome, Response):
                    return outcome
            outcome = call(handler, request, parts)
            return await outcome if inspect.isawaitable(outcome) else outcome

        guard.takes_all = True
        return guard


def create_route_group(prefix="", middleware=None):
    return RouteGroup(prefix, middleware)


def call(handler, request, parts):
    """The request where the handler asks for it, parts of the path by their names."""
    if getattr(handler, "takes_all", False):
        return handler(request, **parts)
    given = []
    for name, one in inspect.signature(handler).parameters.items():
        if name in parts:
            given.append(parts[name])
        elif one.kind == one.POSITIONAL_OR_KEYWORD and one.default is one.empty:
            given.append(request)
    return handler(*given)
