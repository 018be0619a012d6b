OrderedModel = Model


class Resource:
    """What one path answers to, a method each; every request gets an instance of its own."""

    endpoint: str

    def __init__(self, api: Any = None, *args: Any, **kwargs: Any) -> None:
        self.api = api


def _same(documented: Any) -> Any:
    return documented


class Namespace:
    """Resources under one path, their models and what happens when they fail."""

    def __init__(self, name: str, description: Any = None, path: Any = None, validate: Any = None, **documentation: Any) -> None:
        self.name, self.description, self._path, self._validate = name, description, path, validate
        self.models: Dict[str, Any] = {}
        self.resources: List[Any] = []
        self.error_handlers: Dict[Any, Callable[..., Any]] = {}
        self.apis: List[Any] = []

    @property
    def path(self) -> str:
        return str(self._path or "/" + self.name).rstrip("/")

    @property
    def payload(self) -> Any:
        return current_request.get_json()

    def route(self, *paths: str, **options: Any) -> Callable[[Any], Any]:
        def add(resource: Any) -> Any:
            self.add_resource(resource, *paths, **options)
            return resource

        return add

    def add_resource(self, resource: Any, *paths: str, **options: Any) -> None:
        options = {name: value for name, value in options.items() if name not in ("doc", "route_doc")}
        self.resources.append((resource, paths, options))
        for api in self.apis:
            api.serve(self, resource, paths, options)

    def doc(self, shortcut: Any = None, **documentation: Any) -> Callable[[Any], Any]:
        if "expect" in documentation or "body" in documentation:
            given = documentation.get("expect", documentation.get("body"))
            return self.expect(*(given if isinstance(given, (list, tuple)) else [given]), **_only(documentation, "validate"))
        return _same

    def expect(self, *expected: Any, validate: Any = None) -> Callable[[Any], Any]:
        """Bodies are checked against the model when the decorator, the namespace or the Api says so."""

        def note(method: Any) -> Any:
            method.rest_expects = (expected, self._validate if validate is None else validate)
            return method

        return note

    def hide(self, documented: Any) -> Any:
        return documented

    def deprecated(self, documented: Any) -> Any:
        return documented

    def response(self, *documentation: Any, **more: Any) -> Callable[[Any], Any]:
        return _same

    param = header = produces = vendor = response

    def as_list(self, field: Any) -> Any:
        return field

    def abort(self, *args: Any, **kwargs: Any) -> Any:
        abort(*args, **kwargs)

    def add_model(self, name: str, definition: Any) -> Any:
        self.models[name] = definition
        return definition

    def model(self, name: str, model: Any = None, strict: bool = False, **documentation: Any) -> Model:
        return self.add_model(name, Model(name, model or {}, strict=strict))

    def schema_model(self, name: str, schema: Any = None) -> SchemaModel:
        return self.add_model(name, SchemaModel(name, schema))

    def clone(self, name: str, *parts: Any) -> Model:
        return self.add_model(name, Model.clone(name, *parts))

    def extend(self, name: str, parent: Any, more: Any) -> Model:
        return self.clone(name, *(parent if isinstance(parent, list) else [parent]), more)

    def inherit(self, name: str, *parts: Any) -> Model:
        return self.add_model(name, Model.inherit(name, *parts))

    def parser(self) -> Any:
        return reqparse.RequestParser()

    def marshal(self, *args: Any, **kwargs: Any) -> Any:
        return marshal(*args, **kwargs)

    def marshal_with(self, fields: Any, as_list: bool = False, code: Any = 200, description: Any = None, **how: Any) -> Callable[[Any], Any]:
        return marshal_with(fields, **_only(how, "envelope", "skip_none"))

    def marshal_list_with(self, fields: Any, **how: Any) -> Callable[[Any], Any]:
        return self.marshal_with(fields, True, **how)

    def errorhandler(self, kind: Any) -> Any:
        """For a class of exceptions; without one, for all that nothing else answers."""
        if not (inspect.isclass(kind) and issubclass(kind, Exception)):
            self.default_error_handler = kind
            return kind

        def register(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.error_handlers[kind] = handler
            return handler

        return register


def _only(options: Dict[str, Any], *names: str) -> Dict[str, Any]:
    return {name: value for name, value in options.items() if name in names}


class Api(_Api):
    """Resources of an application or of a group, in namespaces; those of none are in one of its own."""

    def __init__(
        self, app: Any = None, version: Any = "1.0", title: Any = None, description: Any = None, *,
        doc: Any = "/", default: str = "default", validate: Any = None, prefix: str = "", catch_all_404s: bool = False,
        serve_challenge_on_401: bool = False, **documentation: Any,
    ) -> None:  # fmt: skip
        self.version, self.title, self.description, self.doc_path = version, title or "API", description, doc
        self.serve_challenge_on_401 = serve_challenge_on_401
        self.namespaces: List[Namespace] = []
        self.default_error_handler: Optional[Callable[..., Any]] = None
        self.error_handlers: Dict[Any, Callable[..., Any]] = {}
        self.places: Dict[Namespace, Any] = {}
        self.rules: List[str] = []
        self._validate = validate
        super().__init__(None, prefix=prefix, catch_all_404s=catch_all_404s)
        self.default_namespace = Namespace(default, path="/", validate=validate)
        self.add_namespace(self.default_namespace)
        if app is not None:
            self.init_app(app)

    def init_app(self, app: Any, **documentation: Any) -> None:
        self.rules = [self.prefix + "/swagger.json", *([self.doc_path] if self.doc_path else []), self.prefix or "/", *self.rules]
        super().init_app(app)

    def __getattr__(self, name: str) -> Any:
        if name == "default_namespace":
            raise AttributeError(name)
        return getattr(self.default_namespace, name)

    def namespace(self, *args: Any, **kwargs: Any) -> Namespace:
        made = Namespace(*args, **kwargs)
        self.add_namespace(made)
        return made

    def add_namespace(self, ns: Namespace, path: Optional[str] = None) -> None:
        if ns not in self.namespaces:
            self.namespaces.append(ns)
            ns.apis.append(self)
            self.places[ns] = path
            for resource, paths, options in ns.resources:
                self.serve(ns, resource, paths, options)

    def add_resource(self, resource: Any, *paths: str, **options: Any) -> None:
        if options.pop("served", False):
            super().add_resource(resource, *paths, **options)
        else:
            self.default_namespace.add_resource(resource, *paths, **options)

    def route(self, *paths: str, **options: Any) -> Callable[[Any], Any]:
        return self.default_namespace.route(*paths, **options)

    def serve(self, ns: Namespace, resource: Any, paths: Any, options: Dict[str, Any]) -> None:
        rules = [(self.places.get(ns) or ns.path) + path for path in paths]
        self.rules += [self.prefix + rule for rule in rules]
        endpoint = options.get("endpoint")
        if not endpoint:
            words = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", resource.__name__)
            endpoint = re.sub("([a-z0-9])([A-Z])", r"\1_\2", words).lower()
            endpoint = endpoint if ns is self.default_namespace else f"{ns.name}_{endpoint}"
        self.add_resource(resource, *map(_path_of, rules), **{**options, "endpoint": endpoint, "served": True})

    def made(self, resource: Any, options: Dict[str, Any]) -> Any:
        return resource(self, *options.get("resource_class_args", ()), **options.get("resource_class_kwargs", {}))

    def check(self, method: Any) -> None:
        expected, validate = getattr(method, "rest_expects", ((), False))
        validate = self._validate if validate is None else validate
        settings = current_settings()
        if not (settings.get("RESTX_VALIDATE", settings.get("RESTPLUS_VALIDATE")) if validate is None else validate):
            return
        for model in expected:
            many = isinstance(model, list) and len(model) == 1
            if hasattr(model[0] if many else model, "validate"):
                data = current_request.get_json()
                for one in (data if isinstance(data, list) else [data]) if many else [data]:
                    (model[0] if many else model).validate(one)

    def handle_error(self, given: BaseException) -> Any:
        error = flask_error(given)
        headers: Any = {}
        known = dict(self.error_handlers)
        for ns in self.namespaces:
            known.update(ns.error_handlers)
        handler = next((one for kind, one in known.items() if isinstance(error, kind)), None)
        if handler is None and not isinstance(error, HTTPError) and _propagates():
            raise error
        if handler is None and not isinstance(error, HTTPError):
            handler = self.default_error_handler
        if isinstance(error, HTTPError) and error.response is not None:
            return error.get_response()
        if handler is not None:
            outcome = handler(error)
            data, code, headers = _unpacked(outcome) if isinstance(outcome, tuple) else (outcome, 500, {})
        elif isinstance(error, HTTPError):
            code, data, headers = error.code, {"message": error.description or _NAMES.get(error.code)}, dict(error.headers or {})
        else:
            return super().handle_error(error)
        data.setdefault("message", str(error))
        data = getattr(error, "data", data)
        settings = current_settings()
        if int(code) == 404 and settings.get("RESTX_ERROR_404_HELP", settings.get("ERROR_404_HELP", True)):
            data["message"] = self.help_on_404(data.get("message"))
        answer = _resource_answer((data, int(code), headers))
        if int(code) == 401 and self.serve_challenge_on_401:
            answer.headers["www-authenticate"] = 'Basic realm="flask-restx"'
        return answer

    def help_on_404(self, message: Optional[str]) -> Optional[str]:
        """Names paths of the application that look like the one that was asked for."""
        rules = {"/static/": "/static/<path:filename>", "/swaggerui/": "/swaggerui/<path:filename>"}
        places = [prefix for _, prefix in getattr(self.app, "places", ())] or [""]
        known = [place + rule for place in places for rule in self.rules]
        for route in current_request.scope["flask.owner"].routes:
            known.append(next((rule for rule in known if _path_of(rule) == route.path), "") or _rule_of(route))
        rules.update((re.sub("(<.*>)", "", rule), rule) for rule in known)
        path = current_request.path
        close = difflib.get_close_matches(path, rules.keys())
        if not close:
            return message
        meant = " or ".join(rules[match] for match in close)
        return (message.rstrip(".") + ". " if message else "") + f"You have requested this URI [{path}] but did you mean {meant} ?"


def _path_of(rule: str) -> str:
    """`/pets/<int:pet_id>` as the application's routes spell it."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?(\w+)>", lambda found: "{" + found[2] + (":path" if found[1] == "path" else "") + "}", rule)


def _rule_of(route: Any) -> str:
    """The path of a route as Flask spells it."""
    kinds = {r"\d+": "int:", r"\d+\.\d+": "float:", "(?s)[^/].*": "path:"}
    rule = str(route.path)
    for name in re.findall(r"{(\w+)", rule):
        hint = getattr(route.endpoint, "__annotations__", {}).get(name)
        forms = [_patterns.get(getattr(item, "func", None), "") for item in getattr(hint, "__metadata__", ())]
        rule = re.sub("{" + name + "[^}]*}", "<" + next((kinds[form] for form in forms if form in kinds), "") + name + ">", rule)
    return rule
