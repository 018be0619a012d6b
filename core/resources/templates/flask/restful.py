import functools


class Resource:
    """What one path answers to, a method each; every request gets an instance of its own."""

    endpoint: str


class Api:
    """Resources of an application or of a group, with the JSON and the errors of Flask-RESTful."""

    def __init__(self, app: Any = None, prefix: str = "", errors: Any = None, catch_all_404s: bool = False) -> None:
        self.prefix, self.errors, self.catch_all_404s = prefix, errors or {}, catch_all_404s
        self.app: Any = None
        self.waiting: List[Any] = []
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Any) -> None:
        self.app = app
        for resource, paths, options in self.waiting:
            self.add_resource(resource, *paths, **options)

    def resource(self, *paths: str, **options: Any) -> Callable[[Any], Any]:
        def add(resource: Any) -> Any:
            self.add_resource(resource, *paths, **options)
            return resource

        return add

    def add_resource(self, resource: Any, *paths: str, **options: Any) -> None:
        if self.app is None:
            self.waiting.append((resource, paths, options))
            return
        resource.endpoint = options.get("endpoint") or resource.__name__.lower()
        if options.get("strict_slashes") is False:
            paths = tuple(one for path in paths for one in (path, path[:-1] if path.endswith("/") else path + "/") if one)
        for path in paths:
            parts = re.findall(r"{(\w+)", self.prefix + path)
            for verb in ("get", "post", "put", "delete", "patch", "head", "options"):
                if getattr(resource, verb, None):
                    _add_route(self.app, self.prefix + path, self._handler(resource, verb, options, parts), [verb.upper()])

    def _handler(self, resource: Any, verb: str, options: Dict[str, Any], parts: List[str]) -> Callable[..., Any]:
        """`parts` are those of the path: a method that wants others is called without them, and fails."""
        method = getattr(resource, verb)

        async def handler(*args: Any, **kwargs: Any) -> Any:
            try:
                called = getattr(self.made(resource, options), verb)
                self.check(called)
                outcome = called(*args, **kwargs)
                return _resource_answer(await outcome if inspect.isawaitable(outcome) else outcome)
            except NoPath:
                raise
            except Exception as error:
                return self.handle_error(error)

        hints = typing.get_type_hints(inspect.unwrap(method), include_extras=True)
        hints.pop("return", None)
        own = _parameters_of(resource, verb)
        own = [one.replace(annotation=hints.get(one.name, one.annotation)) for one in own]
        own = [one for one in own if one.name in parts or one.default is not one.empty or not _is_part(one.annotation)]
        for name, part in getattr(method, "unwanted_parts", {}).items():
            if name in parts:
                own.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=part))
        hints = {one.name: one.annotation for one in own if one.annotation is not one.empty}
        handler.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
        handler.__annotations__ = hints
        handler.__name__ = resource.endpoint
        handler.rest_api = self  # type: ignore[attr-defined]
        return handler

    def made(self, resource: Any, options: Dict[str, Any]) -> Any:
        return resource(*options.get("resource_class_args", ()), **options.get("resource_class_kwargs", {}))

    def check(self, method: Any) -> None:
        """Looks at the request before a method gets it."""

    def handle_error(self, given: BaseException) -> Any:
        error = flask_error(given)
        if not isinstance(error, HTTPError) and _propagates():
            raise error
        headers: Dict[str, str] = {}
        code, name = 500, type(error).__name__
        data: Dict[str, Any] = {"message": _NAMES[500]}
        if isinstance(error, HTTPError):
            if error.response is not None:
                return error.get_response()
            code, name, headers = error.code, error.name.replace(" ", ""), dict(error.headers or {})
            data = getattr(error, "data", {"message": error.description})
        if code >= 500:
            logging.getLogger(__name__).error("a resource failed", exc_info=error)
        if name in self.errors:
            code = self.errors[name].get("status", 500)
            data.update(self.errors[name])
        return _resource_answer((data, code, headers))

    def url_for(self, resource: Any, **values: Any) -> str:
        return url_for(resource.endpoint, **values)


def _propagates() -> bool:
    """Whether errors are left to the application's own handlers, as while it is developed."""
    settings = current_settings()
    known = settings.get("PROPAGATE_EXCEPTIONS")
    return bool(settings.get("DEBUG") or settings.get("TESTING") if known is None else known)


def without_parts(**parts: Any) -> Callable[[Any], Any]:
    """Parts of paths that a method of a resource does not take: requests for such a path fail, as they did."""

    def note(method: Any) -> Any:
        method.unwanted_parts = parts
        return method

    return note


def _is_part(annotation: Any) -> bool:
    """Whether a parameter is for a part of the path."""
    if annotation is inspect.Parameter.empty or annotation is str:
        return True
    return any(getattr(item, "func", None) in _patterns for item in getattr(annotation, "__metadata__", ()))


def _unpacked(value: Any) -> Tuple[Any, Any, Any]:
    """Body, status and headers of what a resource gave."""
    if isinstance(value, tuple) and len(value) in (2, 3):
        return (value[0], value[1], value[2] if len(value) == 3 else {})
    return value, 200, {}


def _resource_answer(value: Any) -> PlainResponse:
    if isinstance(value, PlainResponse):
        return value
    data, status, headers = _unpacked(value)
    code = int(str(status).split()[0] if isinstance(status, str) else status)
    body = b"" if code in (204, 304) else (json.dumps(data) + "\n").encode()
    named = {name: str(content) for name, content in (headers or {}).items()}
    return Response(data=body, status_code=code, headers=named)


def rest_abort(http_status_code: int, **data: Any) -> Any:
    """Ends the request with an error whose body are the named values."""
    if http_status_code not in _NAMES:
        raise LookupError(f"no exception for {http_status_code}")
    error = HTTPError(http_status_code)
    if data:
        error.data = data  # type: ignore[attr-defined]
    raise error


def marshal(data: Any, fields: Any, envelope: Optional[str] = None) -> Any:
    """The fields that are asked for, in their order."""
    if isinstance(data, (list, tuple)):
        found: Any = [marshal(one, fields) for one in data]
    else:
        found = {
            name: marshal(data, field) if isinstance(field, dict) else _made(field).output(name, data)
            for name, field in fields.items()
        }
    return {envelope: found} if envelope else found


def _made(field: Any) -> Any:
    return field() if isinstance(field, type) else field


def marshal_with(fields: Any, envelope: Optional[str] = None) -> Callable[[Any], Any]:
    return _changed(lambda data: marshal(data, fields, envelope))


def marshal_with_field(field: Any) -> Callable[[Any], Any]:
    return _changed(_made(field).format)


def _changed(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Changes the body that a handler gives, and leaves its status and headers."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        async def changed(*args: Any, **kwargs: Any) -> Any:
            outcome = function(*args, **kwargs)
            outcome = await outcome if inspect.isawaitable(outcome) else outcome
            if not isinstance(outcome, tuple):
                return change(outcome)
            data, status, headers = _unpacked(outcome)
            return change(data), status, headers

        return changed

    return decorate
