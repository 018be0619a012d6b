def covet_handler(function: Optional[Callable[..., Any]] = None, **forms: type) -> Any:
    """A function of a request and parts of its path as a handler; `forms` are parts that must be numbers.

    The function itself stays at hand for other code: ``list_todos.plain(...)``.
    """
    if function is None:
        return lambda given: covet_handler(given, **forms)
    signature = inspect.signature(function)
    hints = _hints(function)
    kinds = {one.name: _kind(one, hints, at) for at, one in enumerate(_named(signature))}
    plain = function

    @functools.wraps(function)
    async def answered(*args: Any, **given: Any) -> Any:
        if args:  # of an error: handler(request, error)
            args = (_request(args[0]), *args[1:])
        request = None if args else _request(given.pop("request"))
        parts = request.path_params if request else {}
        for name, form in forms.items():
            if not isinstance(parts.get(name), int) and not (form is float and _is_float(str(parts.get(name)))):
                return unknown_path(request).sent()
        values = [request if kind == "request" else parts[name] for name, kind in kinds.items() if kind == "request" or name in parts]
        outcome = plain(*(args or values), **given)
        return answer(await outcome if inspect.isawaitable(outcome) else outcome).sent()

    injected = [one.replace(kind=one.KEYWORD_ONLY, annotation=hints.get(one.name, one.annotation)) for one in _named(signature) if kinds[one.name] == "injected"]
    own = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=TargetRequest)
    answered.__signature__ = inspect.Signature([own, *injected])  # type: ignore[attr-defined]
    answered.plain = plain  # type: ignore[attr-defined]
    return answered


def _named(signature: inspect.Signature) -> List[inspect.Parameter]:
    return [one for one in signature.parameters.values() if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]


def _hints(function: Callable[..., Any]) -> Dict[str, Any]:
    try:
        return typing.get_type_hints(inspect.unwrap(function), include_extras=True)
    except Exception:  # names that exist only for type checkers
        return {}


def _kind(one: inspect.Parameter, hints: Mapping[str, Any], at: int) -> str:
    """Where a value comes from: the request itself, a part of the path, or the framework (a session)."""
    hint = hints.get(one.name, one.annotation)
    if hasattr(hint, "__metadata__") or type(one.default).__name__ == "Depends":
        return "injected"
    if hint is Request or one.name in ("request", "req") or (at == 0 and hint is one.empty and one.name in ("_", "r")):
        return "request"
    return "part"


def _is_float(text: str) -> bool:
    return text.replace(".", "").isdigit()


def unknown_path(request: Any) -> Response:
    return json_response({"error": "Not Found", "path": request.scope["path"]}, 404)


class RouteGroup:
    """Routes that are collected first and put on the application later."""

    def __init__(self, prefix: str = "", middleware: Sequence[Callable[..., Any]] = (), tags: Any = None) -> None:
        self.prefix, self.middleware = prefix.rstrip("/"), list(middleware or ())
        self.routes: List[Tuple[str, Callable[..., Any], List[str]]] = []

    def route(self, path: str, methods: Sequence[str] = ("GET",)) -> Callable[[Any], Any]:
        def register(function: Any) -> Any:
            self.add_route(path, function, methods)
            return function

        return register

    def get(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["GET"])

    def post(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["POST"])

    def put(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["PUT"])

    def delete(self, path: str) -> Callable[[Any], Any]:
        return self.route(path, ["DELETE"])

    def add_route(self, path: str, function: Callable[..., Any], methods: Sequence[str] = ("GET",)) -> None:
        self.routes.append((self.prefix + path, function, list(methods)))

    def register(self, target: Any, prefix: str = "") -> None:
        """Puts the routes on an application or another group; those without variable parts come first."""
        for path, function, methods in sorted(self.routes, key=lambda route: "{" in route[0]):
            target.add_route(prefix + path, self._around(function), methods=methods)

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if not self.middleware:
            return function

        @functools.wraps(function)
        async def wrapped(**given: Any) -> Any:
            for middleware in self.middleware:
                outcome = middleware(_request(given["request"]))
                outcome = await outcome if inspect.isawaitable(outcome) else outcome
                if isinstance(outcome, Response):
                    return outcome.sent()
            return await function(**given)

        return wrapped


_Next = Callable[[Request], Awaitable[Response]]
_around: Dict[Any, List[Callable[[Request, _Next], Any]]] = {}
_mounted: Dict[Any, List[Tuple[str, Any]]] = {}


class BaseHTTPMiddleware:
    """``dispatch(request, call_next)`` around every request."""

    def __init__(self, app: Any = None, **options: Any) -> None:
        self.app = app

    async def dispatch(self, request: Request, call_next: _Next) -> Any:
        return await call_next(request)


def add_middleware(app: Any, middleware: Any, **options: Any) -> Any:
    """Runs ``middleware(request, call_next)`` around every request; the first one added is outermost."""
    made = middleware(app, **options) if isinstance(middleware, type) else middleware
    _around.setdefault(app, []).append(made.dispatch if hasattr(made, "dispatch") else made)
    return middleware


def around(app: Any) -> Callable[[Any], Any]:
    """The decorator for what `add_middleware` takes."""
    return lambda middleware: add_middleware(app, middleware)


def mount(app: Any, path: str, child: Any, name: Optional[str] = None) -> None:
    """Leaves all paths below `path` to another application."""
    _mounted.setdefault(app, []).append((path.rstrip("/"), child))


class _Inner:
    """What middleware and error pages need of a request outside of the framework's routing."""

    def __init__(self, scope: Any, receive: Any) -> None:
        self.scope, self.receive, self.heard = scope, receive, []
        self.read: Optional[bytes] = None

    @property
    def path_params(self) -> Dict[str, Any]:
        return typing.cast(Dict[str, Any], self.scope.get("path_params", {}))

    async def body(self) -> bytes:
        if self.read is None:
            chunks = []
            while True:
                message = await self.receive()
                self.heard.append(message)
                chunks.append(message.get("body", b""))
                if not message.get("more_body"):
                    break
            self.read = b"".join(chunks)
        return self.read

    async def replay(self) -> Any:
        return self.heard.pop(0) if self.heard else await self.receive()


class CovetRules:
    """Runs middleware around the application, and answers unknown paths as the package did."""

    def __init__(self, app: Any, owner: Any) -> None:
        self.app, self.owner = app, owner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        for prefix, child in _mounted.get(self.owner, ()):
            if scope["path"] == prefix or scope["path"].startswith(prefix + "/"):
                inside = {**scope, "path": scope["path"][len(prefix) :] or "/", "root_path": scope.get("root_path", "") + prefix}
                return await child(inside, receive, send)
        chain = _around.get(self.owner, [])
        if not chain:
            return await self.app(scope, receive, send)
        inner = _Inner(scope, receive)

        async def run(request: Request, left: Sequence[Any]) -> Response:
            if not left:
                return await self.routed(scope, inner)
            outcome = left[0](request, lambda given: run(given, left[1:]))
            return answer(await outcome if inspect.isawaitable(outcome) else outcome)

        try:
            response = await run(_request(inner), chain)
        except Exception as error:
            response = failed(self.owner, scope, error)
        await response.sent()(scope, receive, send)

    async def routed(self, scope: Any, inner: _Inner) -> Response:
        """The answer of the application itself, as middleware sees it."""
        messages: List[Any] = []

        async def keep(message: Any) -> None:
            messages.append(message)

        await self.app(scope, inner.replay, keep)
        made = Response(b"".join(message.get("body", b"") for message in messages[1:]), messages[0]["status"])
        made.headers.clear()
        for name, value in messages[0]["headers"]:
            key, text = name.decode("latin-1"), value.decode("latin-1")
            if key == "set-cookie":
                made.cookies[text] = text
            elif key != "content-length":
                made.headers[key] = text
        return made


_debug: Dict[Any, bool] = {}


def failed(app: Any, scope: Any, error: BaseException) -> Response:
    if isinstance(error, CovetError):
        return error_response(error.message, error.status_code, error.headers)
    logging.getLogger(__name__).error("%s %s failed", scope["method"], scope["path"], exc_info=error)
    if _debug.get(app):
        return json_response({"error": str(error), "type": type(error).__name__}, 500)
    return json_response({"error": "Internal Server Error"}, 500)


def keep_covet_rules(app: Any, debug: Any = False) -> Any:
    """Unknown paths, errors and middleware of an application as the package had them."""
    _debug[app] = bool(debug)
    for status in (404, 405):
        app.exception_handler(status)(lambda request, error: unknown_path(request).sent())
    for kind in (CovetError, Exception):
        app.exception_handler(kind)(lambda request, error: failed(app, request.scope, error).sent())
    app.add_middleware(CovetRules, owner=app)
    return app
