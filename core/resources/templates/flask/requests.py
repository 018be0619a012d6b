class MissingKey(error_of(400), KeyError):  # type: ignore[misc]
    """A value of the query or the form that the client left out: 400."""

    def __init__(self, key: str) -> None:
        super().__init__(400)
        self.args = (key,)


class Values(Dict[str, Any]):
    """Values of a query or a form: the first of each name, blank ones included."""

    def __init__(self, pairs: Iterable[Tuple[str, Any]]) -> None:
        self.lists: Dict[str, List[Any]] = {}
        for name, value in pairs:
            self.lists.setdefault(name, []).append(value)
        super().__init__((name, values[0]) for name, values in self.lists.items())

    def __missing__(self, key: str) -> Any:
        raise MissingKey(key)

    def get(self, key: str, default: Any = None, type: Optional[Callable[[Any], Any]] = None) -> Any:  # type: ignore[override]
        if key not in self:
            return default
        if type is None:
            return self[key]
        try:
            return type(self[key])
        except (TypeError, ValueError):
            return default

    def getlist(self, key: str, type: Optional[Callable[[Any], Any]] = None) -> List[Any]:
        found = []
        for value in self.lists.get(key, []):
            try:
                found.append(value if type is None else type(value))
            except (TypeError, ValueError):
                continue
        return found

    def to_dict(self, flat: bool = True) -> Dict[str, Any]:
        return dict(self) if flat else dict(self.lists)


def _query_values(scope: Any) -> Values:
    return Values(parse_qsl(scope.get("query_string", b"").decode("utf-8", "replace"), keep_blank_values=True))


def _media_type(content_type: str) -> str:
    return content_type.split(";")[0].strip().lower()


def _parts(content_type: str, body: bytes) -> List[Tuple[Dict[str, str], Dict[str, str], bytes]]:
    """What a form with files consists of: the names of each part, its headers and its content; nothing if it is malformed."""
    found = re.search(r'boundary=(?:"([^"]+)"|([^;\s]+))', content_type)
    pieces = (b"\r\n" + body).split(b"\r\n--" + (found[1] or found[2]).encode("latin-1")) if found else []
    parts = []
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return parts
        head, _, content = piece.partition(b"\r\n\r\n")
        lines = [line.split(":", 1) for line in head.decode("utf-8", "replace").split("\r\n") if ":" in line]
        headers = {name.strip().lower(): value.strip() for name, value in lines}
        given = re.findall(r';\s*(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', headers.get("content-disposition", ""))
        parts.append(({name: re.sub(r"\\(.)", r"\1", quoted) or plain for name, quoted, plain in given}, headers, content))
    return []


def _form_fields(content_type: str, body: bytes) -> Values:
    kind = _media_type(content_type)
    if kind == "multipart/form-data":
        fields = [part for part in _parts(content_type, body) if "filename" not in part[0]]
        return Values([(names.get("name", ""), content.decode("utf-8", "replace")) for names, _, content in fields])
    if kind != "application/x-www-form-urlencoded":
        return Values([])
    return Values(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _within_limit(scope: Any, body: bytes) -> bytes:
    """The body of a request, which an application may want to be no longer than so; 413."""
    limit = app_settings(scope.get("flask.owner")).get("MAX_CONTENT_LENGTH")
    if limit is not None and len(body) > limit:
        raise HTTPError(413)
    return body


async def body_bytes(request: Request) -> bytes:
    return _within_limit(request.scope, await request.body())


def _says_json(content_type: str) -> bool:
    kind = _media_type(content_type)
    return kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))


def _load_json(scope: Any, content_type: str, body: bytes, force: bool, silent: bool) -> Any:
    if not force and not _says_json(content_type):
        if silent:
            return None
        raise HTTPError(415, _NOT_JSON)
    if "flask.json" not in scope:
        try:
            scope["flask.json"] = _json.loads(_within_limit(scope, body))
        except ValueError as error:
            if silent:
                return None
            debug = app_settings(scope.get("flask.owner")).get("DEBUG")
            raise HTTPError(400, f"Failed to decode JSON object: {error}" if debug else None) from None
    return scope["flask.json"]


_NOT_JSON = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."


def query_args(request: Request) -> Values:
    return _query_values(request.scope)


async def form_values(request: Request) -> Values:
    return _form_fields(str(request.headers.get("content-type", "")), await body_bytes(request))


def method_of(request: Request) -> str:
    """What the client asked with: HEAD for an answer that is made as for GET."""
    return str(request.scope.get("flask.method", request.scope["method"]))


def path_of(request: Request) -> str:
    """What the client asked for, also where its path is none of the application."""
    return str(request.scope.get("flask.path", request.scope["path"]))


def is_json(request: Request) -> bool:
    return _says_json(str(request.headers.get("content-type", "")))


async def json_body(request: Request, force: bool = False, silent: bool = False) -> Any:
    """The body as JSON; 415 when it is not said to be JSON, 400 when it is malformed."""
    kind = str(request.headers.get("content-type", ""))
    return _load_json(request.scope, kind, await request.body(), force, silent)
