def _part(kind: str, pattern: str, convert: Callable[[str], Any]) -> Any:
    """A part of a path that must look like this; anything else is no path of the application."""

    def read(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        if not re.fullmatch(pattern, text):
            raise HTTPException(status_code=404)
        return convert(text)

    _patterns[read], _kinds[read] = pattern, kind
    return BeforeValidator(read)


_patterns: Dict[Any, Any] = {}
_kinds: Dict[Any, str] = {}  # how Flask's rules name such parts
IntPart = Annotated[int, _part("int:", r"\d+", int)]
FloatPart = Annotated[float, _part("float:", r"\d+\.\d+", float)]
UUIDPart = Annotated[UUID, _part("uuid:", "[A-Fa-f0-9]{8}(-[A-Fa-f0-9]{4}){3}-[A-Fa-f0-9]{12}", UUID)]
PathPart = Annotated[str, _part("path:", "(?s)[^/].*", str)]


def any_part(*words: str) -> Any:
    """A part of a path that is one of these words."""
    pattern = "|".join(re.escape(word) for word in words)
    return Annotated[str, _part(f"any({', '.join(words)}):", f"(?:{pattern})", str)]


def text_part(minlength: int = 1, maxlength: Optional[int] = None, length: Optional[int] = None) -> Any:
    """A part of a path of so many characters."""
    given = {"minlength": minlength, "maxlength": maxlength} if length is None else {"length": length}
    times = f"{minlength},{'' if maxlength is None else maxlength}" if length is None else str(length)
    return Annotated[str, _part(f"string{_options(given)}:", f"[^/]{{{times}}}", str)]


def number_part(of: Any, min: Any = None, max: Any = None, signed: bool = False, fixed_digits: int = 0) -> Any:
    """A part of a path that is a number within these bounds."""

    def convert(text: str) -> Any:
        value = of(text)
        outside = (min is not None and value < min) or (max is not None and value > max)
        if outside or (fixed_digits and len(text) != fixed_digits):
            raise HTTPException(status_code=404)
        return value

    given = {"min": min, "max": max, "signed": signed or None, "fixed_digits": fixed_digits or None}
    pattern = ("-?" if signed else "") + (r"\d+" if of is int else r"\d+\.\d+")
    part = _part(f"{of.__name__}{_options(given)}:", pattern, convert)
    _writers[part.func] = lambda value: str(of(value)).zfill(fixed_digits)
    return Annotated[of, part]


def _options(given: Dict[str, Any]) -> str:
    return f"({', '.join(f'{name}={value}' for name, value in given.items() if value is not None)})"


class BaseConverter:
    """How a kind of part looks in a path, and what handlers get for it; the application's own kinds are classes of it."""

    regex = "[^/]+"

    def __init__(self, map: Any = None, *args: Any, **kwargs: Any) -> None:
        self.map = map

    def to_python(self, value: str) -> Any:
        return value

    def to_url(self, value: Any) -> str:
        return quote(str(value), safe=_IN_PATH)


class PartError(ValueError):
    """A part of a path that looks right, and is none after all."""


path_converters: Dict[str, Any] = {}  # the application's own kinds of parts
_writers: Dict[Any, Callable[[Any], str]] = {}  # how such parts are written into a path
_IN_PATH, _IN_QUERY, _IN_ANCHOR = "!$&'()*+,/:;=@", "!$'()*,/:;?@", "%!#$&'()*+,/:;=?@"  # what stays as it is


class _OwnPattern:
    """The regular expression of a kind of part, which may be registered later than the handler."""

    def __init__(self, find: Callable[[], Any]) -> None:
        self.find = find

    def __str__(self) -> str:
        return f"(?:{self.find().regex})"


def part_of(kind: str, *args: Any, **kwargs: Any) -> Any:
    """A part of a path of one of the application's own kinds."""

    def find() -> Any:
        return path_converters[kind](None, *args, **kwargs)

    def read(text: Any) -> Any:
        converter = find()
        if not re.fullmatch(converter.regex, text):
            raise HTTPException(status_code=404)
        try:
            return converter.to_python(text)
        except PartError:
            raise HTTPException(status_code=404) from None

    _patterns[read], _kinds[read], _writers[read] = _OwnPattern(find), f"{kind}:", lambda value: str(find().to_url(value))
    return Annotated[Any, BeforeValidator(read)]


class NoPath(HTTPException):
    """The path turns out to be none of the application."""

    def __init__(self) -> None:
        super().__init__(status_code=404)


def optional_int(request: Request, name: str, otherwise: Any) -> Any:
    """A number of the path that only some routes of a handler have."""
    text = request.path_params.get(name)
    if text is None:
        return otherwise
    if not re.fullmatch(r"\d+", text):
        raise NoPath()
    return int(text)


_last_routes: Dict[Any, List[Callable[[], None]]] = {}  # registers what is tried when nothing else fits
_groups: Dict[Any, List[Any]] = {}  # groups around a handler, the innermost one last
_around_groups: List[Any] = []  # what runs around the handlers of groups: middleware(app, groups=...)
_groups_now: ContextVar[Iterable[Any]] = ContextVar("flask_groups", default=())  # of the request in progress
_endpoints: Dict[Any, str] = {}  # names of handlers that are not those of their functions


def named(endpoint: str, handler: Any = None) -> Any:
    """Gives a handler the name by which `url_for` and the request know it; also as a decorator."""

    def name(function: Any) -> Any:
        _endpoints[function] = endpoint
        return function

    return name if handler is None else name(handler)


def _endpoint_of(handler: Any) -> str:
    """The name of a handler, behind those of the groups around it."""
    groups = [group.name for group in _groups.get(handler, ()) if group.name]
    return ".".join([*groups, _endpoints.get(handler) or str(handler.__name__)])


def number_parts(*names: str) -> Callable[[Any], Any]:
    """Names the numbers of the path that `optional_int` reads, for the paths that have them."""

    def note(handler: Callable[..., Any]) -> Callable[..., Any]:
        handler.number_parts = names  # type: ignore[attr-defined]
        return handler

    return note


def filled(handler: Callable[..., Any], **values: Any) -> Callable[..., Any]:
    """A handler for a path that lacks these parts: it gets their values all the same."""

    @functools.wraps(handler)
    async def answering(*args: Any, **named: Any) -> Any:
        outcome = handler(*args, **named, **values)
        return await outcome if inspect.isawaitable(outcome) else outcome

    hints = typing.get_type_hints(inspect.unwrap(handler), include_extras=True)
    own = [one for one in inspect.signature(handler).parameters.values() if one.name not in values]
    own = [one.replace(annotation=hints.get(one.name, one.annotation)) for one in own]
    answering.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    answering.__annotations__ = {one.name: one.annotation for one in own if one.annotation is not one.empty}
    answering.part_values = values  # type: ignore[attr-defined]
    if handler in _endpoints:
        _endpoints[answering] = _endpoints[handler]
    return answering


def filling(register: Callable[[Any], Any], **values: Any) -> Callable[[Any], Any]:
    """The same as a decorator around the one that registers a path."""

    def add(handler: Callable[..., Any]) -> Callable[..., Any]:
        register(filled(handler, **values))
        return handler

    return add


def gives(count: int, *names: str) -> Callable[[Any], Any]:
    """The wrapper of a handler fills the first parameters, or those of these names: the request has nothing for them."""

    def hide(wrapper: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(wrapper)
        rest = inspect.Parameter.VAR_KEYWORD  # of the handler, for more values than its parameters name
        kept = [one for one in list(signature.parameters.values())[count:] if one.name not in names and one.kind is not rest]
        wrapper.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return wrapper

    return hide


class RouteGroup:
    """Handlers that are put on an application together, all under one prefix."""

    def __init__(self, prefix: str = "", name: str = "") -> None:
        self.prefix, self.name = prefix, name
        self.routes: List[Tuple[str, Callable[..., Any], List[str]]] = []
        self.everywhere: List[Tuple[Any, Callable[..., Any]]] = []
        self.places: List[Tuple[Any, str]] = []
        self.at_registration: List[Callable[[Any], Any]] = []

    def route(self, path: str, methods: Iterable[str] = ("GET",)) -> Callable[[Any], Any]:
        def add(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.add_route(path, handler, methods)
            return handler

        return add

    def get(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["GET"])

    def post(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["POST"])

    def put(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["PUT"])

    def delete(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["DELETE"])

    def patch(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["PATCH"])

    def add_route(self, path: str, handler: Callable[..., Any], methods: Iterable[str] = ("GET",)) -> None:
        self.routes.append((path, handler, list(methods)))
        for app, prefix in self.places:  # resources come after their group is registered, too
            self._put(app, prefix, path, handler, methods)

    def app_error_handler(self, kind: Any) -> Callable[[Any], Any]:
        """Registers for the errors of the whole application."""

        def add(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.everywhere.append((kind, handler))
            return handler

        return add

    def register(self, app: Any, prefix: Optional[str] = None) -> None:
        """Puts the handlers on an application or another group; a prefix given here stands for its own."""
        prefix = self.prefix if prefix is None else prefix
        for kind, answering in self.everywhere:
            error_handler(app, kind)(answering)
        for action in self.at_registration:
            app.at_registration.append(action) if isinstance(app, RouteGroup) else action(app)
        self.places.append((app, prefix))
        for path, handler, methods in sorted(self.routes, key=_variable_parts):
            self._put(app, prefix, path, handler, methods)

    def _put(self, app: Any, prefix: str, path: str, handler: Callable[..., Any], methods: Iterable[str]) -> None:
        groups = _groups.setdefault(handler, [])
        if self not in groups:
            groups.insert(0, self)
        if prefix:
            path = prefix.rstrip("/") + "/" + path.lstrip("/") if path else prefix
        _add_route(app, path, handler, methods)


def _variable_parts(route: Tuple[str, Any, Any]) -> List[int]:
    """Flask tries the text of a segment before a variable part, and that before the rest of the path."""
    behind = [3] if route[0].endswith(":path}") else []  # what has more text behind the rest of a path comes before it
    return [("{" in segment) + segment.endswith(":path}") for segment in route[0].split("/")] + behind


def _parameters_of(owner: Any, name: str) -> List[inspect.Parameter]:
    """Parameters of a method that requests fill: all but the object that it belongs to."""
    is_bound = isinstance(inspect.getattr_static(owner, name), (classmethod, staticmethod))
    return list(inspect.signature(getattr(owner, name)).parameters.values())[0 if is_bound else 1 :]


def view_method(view: Any, name: str, *args: Any, **kwargs: Any) -> Callable[..., Any]:
    """A method of a class as a handler; every request gets an object of its own."""
    method = getattr(view, name)

    async def handler(*given: Any, **named: Any) -> Any:
        outcome = getattr(view(*args, **kwargs), name)(*given, **named)
        return await outcome if inspect.isawaitable(outcome) else outcome

    hints = typing.get_type_hints(inspect.unwrap(method), include_extras=True)
    hints.pop("return", None)
    own = _parameters_of(view, name)
    own = [one.replace(annotation=hints.get(one.name, one.annotation)) for one in own]
    handler.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    handler.__annotations__ = {one.name: one.annotation for one in own if one.annotation is not one.empty}
    handler.__name__ = f"{view.__name__}_{name}"
    for mark in ("number_parts", "add_cross_origin", "own_limits", "own_limits_alone", "no_limits"):
        if hasattr(method, mark):
            setattr(handler, mark, getattr(method, mark))
    return handler


def _add_route(app: Any, path: str, handler: Callable[..., Any], methods: Iterable[str]) -> None:
    app.add_route(path, handler, methods=methods)


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
