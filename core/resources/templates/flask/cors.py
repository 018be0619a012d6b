from functools import wraps


class _Origins:
    """Which headers let pages of other origins read an answer, in the way of Flask-CORS."""

    METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")

    def __init__(
        self,
        origins: Any = "*",
        methods: Any = METHODS,
        allow_headers: Any = "*",
        expose_headers: Any = None,
        supports_credentials: bool = False,
        max_age: Any = None,
        send_wildcard: bool = False,
        vary_header: bool = True,
        always_send: bool = True,
        **unknown: Any,
    ) -> None:
        self.origins, self.allowed = self.patterns(origins), self.patterns(allow_headers)
        self.methods, self.exposed = (self.listed(methods) or "").upper(), self.listed(expose_headers)
        self.max_age = str(int(max_age.total_seconds())) if hasattr(max_age, "total_seconds") else self.listed(max_age)
        self.credentials, self.wildcard, self.varies, self.always = supports_credentials, send_wildcard, vary_header, always_send

    def headers(self, method: str, given: Any) -> List[Tuple[str, str]]:
        origin, every = given.get("origin"), ".*" in self.origins
        if origin and every and self.wildcard:
            allowed = "*"
        elif origin:
            allowed = origin if any(self.matches(one, origin, re.I) for one in self.origins) else ""
        elif every:
            allowed = "*" if self.always and not self.credentials else ""
        else:
            allowed = next(iter(sorted(one for one in self.origins if not self.is_pattern(one))), "") if self.always else ""
        if not allowed:
            return []
        added = {"access-control-allow-origin": allowed, "access-control-expose-headers": self.exposed}
        if self.credentials:
            added["access-control-allow-credentials"] = "true"
        wanted = (given.get("access-control-request-method") or "").upper()
        if method == "OPTIONS" and wanted and wanted in self.methods:
            names = [name.strip() for name in (given.get("access-control-request-headers") or "").split(",")]
            known = sorted(name for name in names if any(self.matches(one, name, re.I) for one in self.allowed))
            added["access-control-allow-headers"] = ", ".join(known)
            added["access-control-max-age"] = self.max_age
            added["access-control-allow-methods"] = self.methods
        several = len(self.origins) > 1 or any(map(self.is_pattern, self.origins))
        if self.varies and allowed != "*" and several:
            added["vary"] = "Origin"
        return [(name, value) for name, value in added.items() if value]

    @staticmethod
    def listed(value: Any) -> Optional[str]:
        if value is None or isinstance(value, str):
            return value
        return ", ".join(sorted(map(str, value))) if hasattr(value, "__iter__") else str(value)

    @staticmethod
    def patterns(value: Any) -> List[str]:
        values = [value] if isinstance(value, str) or not hasattr(value, "__iter__") else value
        return [".*" if one == "*" else one for one in values]

    @staticmethod
    def is_pattern(text: str) -> bool:
        return any(sign in text for sign in "*\\]?$^[()")

    @classmethod
    def matches(cls, pattern: str, text: str, flags: Any = 0) -> bool:
        if cls.is_pattern(pattern):
            try:
                return re.match(pattern, text, flags) is not None
            except re.error:
                return False
        return pattern.casefold() == text.casefold() if flags else pattern == text


class CrossOrigin:
    """Adds such headers to all answers of an application, path by path."""

    def __init__(self, app: Any, resources: Any = "/*", **options: Any) -> None:
        self.app = app
        if not isinstance(resources, dict):
            resources = {name: {} for name in ([resources] if isinstance(resources, str) else resources)}
        found = [(_Origins.patterns(path)[0], _Origins(**{**options, **own})) for path, own in resources.items()]
        self.resources = sorted(found, key=lambda one: (_Origins.is_pattern(one[0]), -one[0].count("/"), -len(one[0])))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        fitting = (origins for path, origins in self.resources if _Origins.matches(path, scope["path"]))
        added = [(name.encode("latin-1"), value.encode("latin-1")) for one in [next(fitting, None)] if one for name, value in one.headers(scope["method"], given)]
        started, listened = False, Replayed(receive)
        by_handler: List[bool] = scope.setdefault("cross_origin", [])

        async def send_with_headers(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                decided = by_handler or any(name.lower() == b"access-control-allow-origin" and value for name, value in message["headers"])
                message = {**message, "headers": [*message["headers"], *([] if decided else added)]}
            await send(message)

        try:
            await self.app(scope, listened, send_with_headers)
        except Exception as error:
            if started:
                raise
            await listened.answer_error(self.app, scope, error, send_with_headers)


_group_origins: Dict[Any, Dict[str, Any]] = {}


def group_origins(group: Any, **options: Any) -> None:
    """Adds such headers to the answers of a group's handlers."""
    _group_origins.setdefault(group, options)


def _around_group(app: Any, groups: Any) -> Any:
    for group in groups:  # the innermost one decides
        app = CrossOrigin(app, **_group_origins[group]) if group in _group_origins else app
    return app


_around_groups.append(_around_group)


class CORS:
    """Options that are given to an application later on."""

    def __init__(self, **options: Any) -> None:
        self.options = options

    def init_app(self, app: Any, **more: Any) -> None:
        app.add_middleware(CrossOrigin, **{**self.options, **more})


def cross_origin(**options: Any) -> Callable[[Any], Any]:
    """Adds such headers to the answers of one handler, and to what OPTIONS says about it."""
    origins = _Origins(**options)

    def add(response: Any, scope: Any) -> Any:
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        scope.get("cross_origin", []).append(True)  # whatever it decides, the application adds nothing
        for name, value in origins.headers(scope["method"], given):
            response.headers.append(name, value)
        return response

    def around(handler: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(handler)
        async def answered(*args: Any, **kwargs: Any) -> Any:
            outcome = handler(*args, **kwargs)
            return add(answer(await outcome if inspect.isawaitable(outcome) else outcome), current_request.scope)

        if options.get("automatic_options", True):
            answered.add_cross_origin = add  # type: ignore[attr-defined]
        return answered

    return around
