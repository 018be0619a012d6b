from http.cookies import SimpleCookie


class SharedRequest:
    """The request in progress for code that is no handler; its body has been read already."""

    def __init__(self, scope: Any, body: bytes) -> None:
        self.scope, self.body = scope, body
        self.kept: Dict[str, Any] = scope.setdefault("flask.request", {})  # what the application adds
        self.headers = Headers({key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]})

    @property
    def method(self) -> str:
        return str(self.scope.get("flask.method", self.scope["method"]))

    @property
    def path(self) -> str:
        return str(self.scope.get("flask.path", self.scope["path"]))

    @property
    def args(self) -> Values:
        return _query_values(self.scope)

    @property
    def data(self) -> bytes:
        return _within_limit(self.scope, self.body)

    @property
    def form(self) -> Values:
        return _form_fields(self.content_type, self.data)

    @property
    def files(self) -> Values:
        return _files_of(self.scope, self.content_type, self.data)  # type: ignore[name-defined] # noqa: F821

    @property
    def values(self) -> Values:
        return Values([(k, v) for part in (self.args, self.form) for k in part.lists for v in part.lists[k]])

    @property
    def content_type(self) -> str:
        return str(self.headers.get("content-type") or "")

    @property
    def mimetype(self) -> str:
        return _media_type(self.content_type)

    @property
    def is_json(self) -> bool:
        return _says_json(self.content_type)

    @property
    def json(self) -> Any:
        return self.get_json()

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        return _load_json(self.scope, self.content_type, self.body, force, silent)

    def get_data(self, cache: bool = True, as_text: bool = False) -> Any:
        return self.data.decode("utf-8", "replace") if as_text else self.data

    @property
    def cookies(self) -> Dict[str, str]:
        kept: SimpleCookie = SimpleCookie()
        kept.load(self.headers.get("cookie") or "")
        return {name: morsel.value for name, morsel in kept.items()}

    @property
    def authorization(self) -> Optional[Authorization]:
        return Authorization.read(self.headers.get("authorization"))

    def _match(self) -> Any:
        """The rule that the path leads to, and the parts that it takes."""
        for rule in _rules_of(self.scope["flask.owner"]):
            asked = "GET" if self.method == "HEAD" and "HEAD" not in rule.methods else self.method
            found = rule.strict.fullmatch(self.path)
            if found and (asked in rule.methods or asked == "OPTIONS"):
                return rule, {name: rule.forms[name](text) for name, text in found.groupdict().items()}
        return None, None

    @property
    def endpoint(self) -> Optional[str]:
        """Name of the handler that the path leads to."""
        rule = self._match()[0]
        return rule and _endpoint_of(rule.endpoint)

    @property
    def blueprint(self) -> Optional[str]:
        return (self.endpoint or "").rpartition(".")[0] or None

    @property
    def view_args(self) -> Optional[Dict[str, Any]]:
        args: Optional[Dict[str, Any]] = self._match()[1]
        return args

    @property
    def url_rule(self) -> Optional[UrlRule]:
        rule = self._match()[0]
        same = (one for one in _rules_of(self.scope["flask.owner"]) if rule and one.endpoint == rule.endpoint)
        # A route that also goes without its slash has one rule.
        return next((UrlRule(one) for one in same if one.path.rstrip("/") == rule.path.rstrip("/")), None)

    @property
    def query_string(self) -> bytes:
        return bytes(self.scope.get("query_string", b""))

    @property
    def content_length(self) -> Optional[int]:
        return self.headers.get("content-length", type=int)

    @property
    def referrer(self) -> Optional[str]:
        return self.headers.get("referer")

    @property
    def user_agent(self) -> UserAgent:
        return UserAgent(self.headers.get("user-agent") or "")

    @property
    def accept_mimetypes(self) -> Accepted:
        return Accepted(self.headers.get("accept") or "")

    @property
    def if_none_match(self) -> ETags:
        return ETags(self.headers.get("if-none-match") or "")

    @property
    def scheme(self) -> str:
        return str(self.scope["scheme"])

    @property
    def is_secure(self) -> bool:
        return self.scheme in ("https", "wss")

    @property
    def remote_addr(self) -> Optional[str]:
        return self.scope["client"][0] if self.scope.get("client") else None

    @property
    def host(self) -> str:
        return str(self.headers.get("host") or "localhost")

    @property
    def host_url(self) -> str:
        return f"{self.scope['scheme']}://{self.host}/"

    url_root = host_url

    @property
    def base_url(self) -> str:
        return self.host_url[:-1] + quote(self.path)

    @property
    def full_path(self) -> str:
        return quote(self.path) + "?" + str(self.scope.get("query_string", b"").decode("latin-1"))

    @property
    def url(self) -> str:
        query = self.scope.get("query_string", b"").decode("latin-1")
        return self.base_url + (f"?{query}" if query else "")


_current: ContextVar[SharedRequest] = ContextVar("flask_request")
_globals: ContextVar[Dict[str, Any]] = ContextVar("flask_g")


class _RequestGlobals:
    """Whatever code keeps while one request is answered."""

    def __getattr__(self, name: str) -> Any:
        if name in _globals.get():
            return _globals.get()[name]
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        _globals.get()[name] = value

    def __delattr__(self, name: str) -> None:
        del _globals.get()[name]

    def __contains__(self, name: str) -> bool:
        return name in _globals.get()

    def get(self, name: str, default: Any = None) -> Any:
        return _globals.get().get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        return _globals.get().pop(name, *default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        return _globals.get().setdefault(name, default)


g = _RequestGlobals()


class _CurrentRequest:
    def __getattr__(self, name: str) -> Any:
        request = _current.get()
        return request.kept[name] if name in request.kept else getattr(request, name)

    def __setattr__(self, name: str, value: Any) -> None:
        _current.get().kept[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in _current.get().kept:
            raise AttributeError(name)
        del _current.get().kept[name]


#: Stands for the request that is being answered.
current_request: Any = _CurrentRequest()


_at_context_end: List[Callable[[], Any]] = []  # closes what belongs to a request, or to a context of an application


class ShareRequest:
    """Reads the body of each request, so that code that is not asynchronous has it."""

    def __init__(self, app: Any, owner: Any) -> None:
        self.app, self.owner = app, owner

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        body, message = b"", {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            body += message.get("body", b"")
        given = False

        async def again() -> Any:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        # In the scope of whoever asks again: the handler of an error finds what was kept before.
        kept_now = scope.setdefault("flask.g", {})
        scope.setdefault("flask.request", {})
        scope = {**scope, "flask.owner": self.owner}
        token, kept = _current.set(SharedRequest(scope, body)), _globals.set(kept_now)
        try:
            await self.app(scope, again, send)
        finally:
            for close in _at_context_end:
                close()
            _current.reset(token)
            _globals.reset(kept)


_application: ContextVar[Any] = ContextVar("flask_application", default=None)


class AppContext:
    """Makes an application the current one for code outside of requests."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def push(self) -> None:
        self.tokens = _application.set(self.app), _globals.set({})

    def pop(self, exc: Any = None) -> None:
        for close in _at_context_end:
            close()
        _application.reset(self.tokens[0])
        _globals.reset(self.tokens[1])

    def __enter__(self) -> AppContext:
        self.push()
        return self

    def __exit__(self, *error: Any) -> None:
        self.pop()


def current_application() -> Any:
    if _application.get() is not None:
        return _application.get()
    return _current.get().scope["flask.owner"]


def has_request_context() -> bool:
    return _current.get(None) is not None


def has_app_context() -> bool:
    return _application.get() is not None or has_request_context()


def current_settings() -> Settings:
    return app_settings(current_application())


#: Functions that give names which every page of an application knows.
page_names: Dict[Any, List[Callable[..., Any]]] = {}
_extensions: Dict[Any, Dict[str, Any]] = {}


def app_extensions(app: Any) -> Dict[str, Any]:
    """What the project keeps with its application."""
    return _extensions.setdefault(app, {})


def current_extensions() -> Dict[str, Any]:
    return app_extensions(current_application())


class UrlRule:
    """A route for code that lists them."""

    def __init__(self, route: Any) -> None:
        self.endpoint, self.defaults = _endpoint_of(route.endpoint), None
        self.methods = {*route.methods, "OPTIONS"} | ({"HEAD"} if "GET" in route.methods else set())
        self.arguments = set(re.findall(r"\{(\w+)", route.path))
        kinds = _Rule(route.path, route.methods, route.endpoint).kinds
        self.rule = re.sub(r"\{(\w+)[^}]*\}", lambda found: f"<{kinds[found[1]]}{found[1]}>", route.path)

    def __str__(self) -> str:
        return self.rule


def url_rules(app: Any) -> List[UrlRule]:
    """The application's routes in their order; one that also goes without its slash counts once."""
    found, seen = [], set()
    for route in app.routes:
        key = (route.endpoint, route.path.rstrip("/"), tuple(sorted(route.methods)))
        if key not in seen:
            found.append(UrlRule(route))
        seen.add(key)
    return found


def url_for(
    endpoint: str, _anchor: Any = None, _method: Any = None, _scheme: Any = None, _external: Any = None, **values: Any
) -> str:
    """The path of a handler's route, with what the path does not take as its query."""
    request = _current.get()
    if endpoint == "static" and "filename" in values and not any(_endpoint_of(r.endpoint) == "static" for r in current_application().routes):
        return f"/static/{quote(values['filename'])}"  # Flask names it whether or not there is such a folder
    if endpoint.startswith("."):
        endpoint = f"{request.blueprint or ''}{endpoint}".lstrip(".")
    for route in _known_as(endpoint, _method):
        names = re.findall(r"\{(\w+)", route.path)
        if not set(names) <= set(values) or any(values.get(name, value) != value for name, value in route.values.items()):
            continue
        path = route.written(values)
        query = urlencode(_query_pairs({name: value for name, value in values.items() if name not in names and name not in route.values}), safe=_IN_QUERY)
        path += f"?{query}" if query else ""
        path += f"#{quote(_anchor, safe=_IN_ANCHOR)}" if _anchor is not None else ""
        if not (_scheme if _external is None else _external):
            return path
        return f"{_scheme or request.scheme}://{request.host}{path}"
    raise LookupError(f"no route leads to {endpoint!r}")


def _known_as(endpoint: str, method: Optional[str]) -> List[Any]:
    """The routes of an endpoint: those for the method in progress first, and those with more parts in their paths."""
    found = []
    for route in _rules_of(_current.get().scope["flask.owner"]):
        known = _endpoint_of(route.endpoint)
        # A resource names itself, without the groups around it.
        named = endpoint == known or (endpoint == known.rpartition(".")[2] and hasattr(route.endpoint, "rest_api"))
        if named and (method is None or method in route.methods):
            found.append(route)
    asked = _current.get().method.replace("HEAD", "GET")
    return sorted(found, key=lambda route: (asked not in route.methods, -len(route.forms) - len(route.values), -len(route.values)))


def _query_pairs(values: Dict[str, Any]) -> List[Tuple[str, Any]]:
    lists = {name: value if isinstance(value, (list, tuple, set)) else [value] for name, value in values.items()}
    return [(name, one) for name, several in lists.items() for one in several if one is not None]
