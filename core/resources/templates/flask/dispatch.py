class _Rule:
    """One path of the application, with the form that its parts must have."""

    def __init__(self, path: str, methods: Iterable[str], endpoint: Callable[..., Any]) -> None:
        self.methods, self.endpoint = set(methods), endpoint
        self.api: Any = getattr(endpoint, "rest_api", None)
        self.groups, self.path = _groups.get(endpoint, []), path
        self.values: Dict[str, Any] = getattr(endpoint, "part_values", {})  # of parts that the path lacks
        self.forms: Dict[str, Callable[[str], Any]] = {}  # of the parts of the path
        self.kinds: Dict[str, str] = {}  # how Flask's rule names them
        try:
            hints = typing.get_type_hints(inspect.unwrap(endpoint), include_extras=True)
        except Exception:  # names that exist only for type checkers
            hints = {}
        loose = strict = ""
        for piece in re.split(r"(\{[^}]*\})", path):
            if piece.startswith("{"):
                name, _, kind = piece[1:-1].partition(":")
                plain = ".+" if kind == "path" else "[^/]+"
                if name in getattr(endpoint, "number_parts", ()):
                    plain = r"\d+"
                forms = (getattr(item, "func", None) for item in getattr(hints.get(name), "__metadata__", ()))
                form = next((form for form in forms if form in _patterns), None)
                self.forms[name] = form or (int if plain == r"\d+" else str)
                self.kinds[name] = _kinds.get(form, "int:" if plain == r"\d+" else "")
                loose += ".*" if kind == "path" else "[^/]+"
                strict += f"(?P<{name}>{_patterns.get(form, plain)})"
            else:
                loose += re.escape(piece)
                strict += re.escape(piece)
        strict = strict.replace("(?s)", "")
        self.write = {name: _writers.get(form, lambda value: quote(str(value), safe=_IN_PATH)) for name, form in self.forms.items()}
        self.loose, self.strict = re.compile(loose, re.S), re.compile(strict, re.S)

    def written(self, values: Dict[str, Any]) -> str:
        """The path with these values as its parts."""
        return re.sub(r"\{(\w+)[^}]*\}", lambda found: self.write[found[1]](values[found[1]]), self.path)


def _plain_numbers(rule: _Rule, path: str) -> str:
    """The path with the digits that the target looks for; Flask also takes those of other scripts."""
    found = rule.strict.fullmatch(path)
    for name in rule.forms if found else ():
        if rule.kinds[name] == "int:" and found is not None:
            first, last = found.span(name)
            path = path[:first] + "".join(str(int(one)) for one in path[first:last]) + path[last:]
    return path


_rules: Dict[Any, List[_Rule]] = {}


def _rules_of(app: Any) -> List[_Rule]:
    known = _rules.get(app, [])
    if len(known) != len(app.routes):
        known = _rules[app] = [_Rule(route.path, route.methods, route.endpoint) for route in app.routes]
    return known


class FlaskRules:
    """Decides before the application which paths exist; answers OPTIONS, HEAD and missing slashes."""

    def __init__(self, app: Any, owner: Any) -> None:
        self.app, self.owner = app, owner
        self.rules: List[_Rule] = []

    async def __call__(self, scope: Any, receive: Any, send: Callable[..., Awaitable[None]]) -> None:
        answering: Any = self.app
        if scope["type"] == "http" and "flask.error" not in scope:
            for register in _last_routes.pop(self.owner, ()):
                register()
            self.rules = _rules_of(self.owner)
            path, method = scope["path"], scope["method"]
            rules = [rule for rule in self.rules if rule.strict.fullmatch(path)]
            have = {verb for rule in rules for verb in rule.methods}
            scope = {**scope, "flask.owner": self.owner, "flask.allow": sorted(have | {"OPTIONS"} | ({"HEAD"} if "GET" in have else set()))}
            _allowed.set(scope["flask.allow"])
            asked = "GET" if method == "HEAD" and "HEAD" not in have else method
            options = method == "OPTIONS" and bool(rules) and "OPTIONS" not in have
            owned = next((rule.groups for rule in rules if options or asked in rule.methods), None)
            _groups_now.set(owned or ())
            if rules and ":int}" in rules[0].path and not path.isascii():
                scope.update({"path": _plain_numbers(rules[0], path), "flask.path": path})
            if rules and method not in have:
                scope["flask.api"] = rules[0].api
            elif not rules:
                whole = (rule.api for rule in self.rules if rule.api and rule.api.catch_all_404s)
                scope["flask.api"] = next(whole, None)
            shorter = self.without_values(rules[0], path, method) if rules else None
            if shorter is not None:
                return await redirect(self.url(scope, shorter), 308)(scope, receive, send)
            if asked != method and "GET" in have:
                scope.update({"method": "GET", "flask.method": method})
            elif options:
                allowed: Any = Response(headers={"allow": ", ".join(scope["flask.allow"])}, media_type=HTML)
                allowed = getattr(rules[0].endpoint, "add_cross_origin", lambda answer, **_: answer)(allowed, scope=scope)

                async def answering(inner: Any, *rest: Any) -> None:  # hooks of its groups may fail
                    await (self.app if "flask.error" in inner else allowed)(inner, *rest)

            elif method not in have:
                other = self.other_path(path, method)
                if other is not None:
                    return await redirect(self.url(scope, other), 308)(scope, receive, send)
                loose = [rule for rule in self.rules if rule.loose.fullmatch(path)]
                if not rules and loose:
                    scope.update({"path": "", "flask.path": path})  # no path of the application: its handler for 404 answers
                elif rules and any(method in rule.methods for rule in loose):
                    scope.update({"path": "", "flask.path": path, "flask.error": HTTPException(status_code=405)})
            for around in _around_groups if owned else ():
                answering = around(answering, groups=owned)
        await answering(scope, receive, send)

    def without_values(self, taken: _Rule, path: str, method: str) -> Optional[str]:
        """The path that gives its handler the same values without spelling them out."""
        others = [rule for rule in self.rules if rule.values and rule is not taken]
        others = [rule for rule in others if method in rule.methods or method == "OPTIONS" or (method == "HEAD" and "GET" in rule.methods)]
        others = [rule for rule in others if _endpoint_of(rule.endpoint) == _endpoint_of(taken.endpoint)]
        found = taken.strict.fullmatch(path) if others else None
        if found is None or len(taken.values) >= max(len(rule.values) for rule in others):
            return None
        values = {**{name: taken.forms[name](text) for name, text in found.groupdict().items()}, **taken.values}
        for rule in sorted(others, key=lambda rule: -len(rule.values)):
            if {*rule.forms, *rule.values} == set(values) and all(values[name] == value for name, value in rule.values.items()):
                return unquote(rule.written(values))
        return None

    def other_path(self, path: str, method: str) -> Optional[str]:
        """Where the request would be answered: with a slash at the end, without doubled ones."""
        merged = re.sub("/{2,}", "/", path)
        for candidate in (path + "/", merged, merged + "/"):
            for rule in self.rules:
                allowed = rule.methods | ({"HEAD"} if "GET" in rule.methods else set()) | {"OPTIONS"}
                if candidate != path and method in allowed and rule.strict.fullmatch(candidate):
                    if candidate.endswith("/") or candidate == merged:
                        return candidate
        return None

    def url(self, scope: Any, path: str) -> str:
        headers = dict(scope["headers"])
        host = headers.get(b"host", b"localhost").decode("latin-1")
        query = scope.get("query_string", b"").decode("latin-1")
        return f"{scope['scheme']}://{host}{quote(path)}" + (f"?{query}" if query else "")


def keep_flask_rules(app: Any, *more: type) -> None:
    """Error pages, methods and paths of an application as Flask has them; `more` comes around them."""
    for middleware in (FlaskRules, *more):
        app.add_middleware(middleware, owner=app)
    _error_pages(app)
