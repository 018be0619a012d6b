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
