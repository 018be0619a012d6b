class MissingKey(HTTPException, KeyError):
    """A value of the query, form or headers that the client left out: 400."""

    def __init__(self, key: str) -> None:
        super().__init__(status_code=400)
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


def query_args(request: Request) -> Values:
    text = request.scope.get("query_string", b"").decode("utf-8", "replace")
    return Values(parse_qsl(text, keep_blank_values=True))


async def form_values(request: Request) -> Values:
    kind = _media_type(request)
    if kind == "multipart/form-data":
        return Values((await request.form()).items())
    if kind != "application/x-www-form-urlencoded":
        return Values([])
    return Values(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def header(request: Request, name: str) -> str:
    value = request.headers.get(name)
    if value is None:
        raise MissingKey(name)
    return str(value)


def _media_type(request: Request) -> str:
    return str(request.headers.get("content-type", "")).split(";")[0].strip().lower()


def is_json(request: Request) -> bool:
    kind = _media_type(request)
    return kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))


async def json_body(request: Request, force: bool = False, silent: bool = False) -> Any:
    """The body as JSON; 415 when it is not said to be JSON, 400 when it is malformed."""
    if not force and not is_json(request):
        if silent:
            return None
        raise HTTPException(status_code=415, detail=_NOT_JSON)
    if "flask.json" not in request.scope:
        try:
            request.scope["flask.json"] = json.loads(await request.body())
        except ValueError:
            if silent:
                return None
            raise HTTPException(status_code=400) from None
    return request.scope["flask.json"]


_NOT_JSON = "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
