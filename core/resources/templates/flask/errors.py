_DESCRIPTIONS = {
    400: "The browser (or proxy) sent a request that this server could not understand.",
    401: "The server could not verify that you are authorized to access the URL requested. You either supplied "
    "the wrong credentials (e.g. a bad password), or your browser doesn't understand how to supply the "
    "credentials required.",
    403: "You don't have the permission to access the requested resource. It is either read-protected or not "
    "readable by the server.",
    404: "The requested URL was not found on the server. If you entered the URL manually please check your "
    "spelling and try again.",
    405: "The method is not allowed for the requested URL.",
    406: "The resource identified by the request is only capable of generating response entities which have "
    "content characteristics not acceptable according to the accept headers sent in the request.",
    408: "The server closed the network connection because the browser didn't finish the request within the "
    "specified time.",
    409: "A conflict happened while processing the request. The resource might have been modified while the "
    "request was being processed.",
    410: "The requested URL is no longer available on this server and there is no forwarding address. If you "
    "followed a link from a foreign page, please contact the author of this page.",
    411: "A request with this method requires a valid <code>Content-Length</code> header.",
    412: "The precondition on the request for the URL failed positive evaluation.",
    413: "The data value transmitted exceeds the capacity limit.",
    414: "The length of the requested URL exceeds the capacity limit for this server. The request cannot be processed.",
    415: "The server does not support the media type transmitted in the request.",
    416: "The server cannot provide the requested range.",
    417: "The server could not meet the requirements of the Expect header",
    418: "This server is a teapot, not a coffee machine",
    422: "The request was well-formed but was unable to be followed due to semantic errors.",
    423: "The resource that is being accessed is locked.",
    424: "The method could not be performed on the resource because the requested action depended on another "
    "action and that action failed.",
    428: 'This request is required to be conditional; try using "If-Match" or "If-Unmodified-Since".',
    429: "This user has exceeded an allotted request count. Try again later.",
    431: "One or more header fields exceeds the maximum size.",
    451: "Unavailable for legal reasons.",
    500: "The server encountered an internal error and was unable to complete your request. Either the server "
    "is overloaded or there is an error in the application.",
    501: "The server does not support the action requested by the browser.",
    502: "The proxy server received an invalid response from an upstream server.",
    503: "The server is temporarily unable to service your request due to maintenance downtime or capacity "
    "problems. Please try again later.",
    504: "The connection to an upstream server timed out.",
    505: "The server does not support the HTTP protocol version used in the request.",
}
#: Names of statuses as Werkzeug has them, whatever Python calls them.
HTTP_STATUS_CODES = {
    **{int(status): status.phrase for status in http.HTTPStatus}, 203: "Non Authoritative Information", 207: "Multi Status", 306: "Switch Proxy",
    413: "Request Entity Too Large", 414: "Request URI Too Long", 416: "Requested Range Not Satisfiable", 418: "I'm a teapot",
    421: "Misdirected Request", 422: "Unprocessable Entity", 425: "Too Early", 449: "Retry With", 511: "Network Authentication Failed",
}  # fmt: skip
_NAMES = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 410: "Gone", 411: "Length Required",
    412: "Precondition Failed", 413: "Request Entity Too Large", 414: "Request URI Too Long",
    415: "Unsupported Media Type", 416: "Requested Range Not Satisfiable", 417: "Expectation Failed",
    418: "I'm a teapot", 422: "Unprocessable Entity", 423: "Locked", 424: "Failed Dependency",
    428: "Precondition Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    451: "Unavailable For Legal Reasons", 500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout", 505: "HTTP Version Not Supported",
}  # fmt: skip


_allowed: ContextVar[Optional[List[str]]] = ContextVar("flask_allowed", default=None)


class HTTPError(HTTPException):
    """An HTTP error with the texts that Flask gives it: ``code``, ``name`` and ``description``."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        code = args[0] if args else kwargs.get("code")
        return super().__new__(error_of(code) if cls is HTTPError and isinstance(code, int) else cls)

    def __init__(
        self,
        code: int,
        description: Any = None,
        response: Any = None,
        original_exception: Optional[BaseException] = None,
        headers: Any = None,
    ) -> None:
        super().__init__(status_code=code, detail=description, headers=headers)
        self.code = code
        self.name = _NAMES.get(code, "Unknown Error")
        self.description = _DESCRIPTIONS.get(code, "") if description is None else description
        self.response = response
        self.original_exception = original_exception

    @property
    def valid_methods(self) -> Optional[List[str]]:
        """Those of the path, where the method is not allowed."""
        return _allowed.get() if self.code == 405 else None

    def __str__(self) -> str:
        return f"{self.code} {self.name}: {self.description}"

    def get_response(self) -> PlainResponse:
        if self.response is not None:
            return answer(self.response)
        description = self.description
        description = _escape(str(description)).replace("\n", "<br>")
        page = (
            f"<!doctype html>\n<html lang=en>\n<title>{self.code} {_escape(self.name)}</title>\n"
            f"<h1>{_escape(self.name)}</h1>\n<p>{description}</p>\n"
        )
        return Response(data=page, status_code=self.code, headers=self.headers, media_type=HTML)


_classes: Dict[int, Any] = {}


def error_of(status: int) -> Any:
    """The class of the errors with this status, for code that catches them."""
    if status not in _classes:
        _classes[status] = type("HTTPError", (HTTPError,), {})
    return _classes[status]


class WebError(HTTPError):
    """Base of an application's own errors: a class of them has a status, and maybe a text."""

    code: Any = None
    name: Any = None
    description: Any = None
    response = headers = detail = original_exception = None

    def __init_subclass__(cls) -> None:
        cls.status_code = cls.code
        cls.name = cls.name or _NAMES.get(cls.code, "Unknown Error")
        cls.description = _DESCRIPTIONS.get(cls.code) if cls.description is None else cls.description

    def __init__(self, description: Any = None, response: Any = None) -> None:
        kind = type(self)
        super().__init__(kind.code, kind.description if description is None else description, response)
        self.name = kind.name

    @staticmethod
    def of(status: int) -> Any:
        """The base of errors with this status."""
        return type("WebError", (WebError, error_of(status)), {"code": status})


def abort(code: Any, description: Any = None, response: Any = None) -> Any:
    if not isinstance(code, int):
        code, response = getattr(code, "status_code", 200), code
    elif code not in _NAMES:
        raise LookupError(f"no exception for {code}")
    raise HTTPError(code, description, response)


def flask_error(error: BaseException) -> BaseException:
    """The error as Flask's error handlers get it."""
    if isinstance(error, HTTPError) or not hasattr(error, "status_code") or not hasattr(error, "detail"):
        return error
    given: Any = error.detail
    # What nobody described carries the name of its status.
    plain = HTTPException(status_code=error.status_code).detail
    return HTTPError(error.status_code, None if given == plain else given, headers=getattr(error, "headers", None))


def answering(handler: Callable[[Any], Any]) -> Callable[[Request, Any], Any]:
    """An error handler out of a function that takes the error alone and gives what Flask takes for an answer."""

    async def answered(request: Request, error: Any) -> Any:
        outcome = handler(flask_error(error))
        return answer(await outcome if inspect.isawaitable(outcome) else outcome)

    return answered


class Replayed:
    """What a client sends, kept for whoever has to read it again."""

    def __init__(self, receive: Any) -> None:
        self.receive, self.heard, self.next = receive, [], 0

    async def __call__(self) -> Any:
        if self.next == len(self.heard):
            self.heard.append(await self.receive())
        self.next += 1
        return self.heard[self.next - 1]

    async def answer_error(self, app: Any, scope: Any, error: BaseException, send: Any) -> None:
        """Lets the application's error handlers answer a request that failed."""
        self.next = 0
        # No route has an empty path: the handler for 404 answers, and finds the error there.
        await app({**scope, "path": "", "flask.path": scope["path"], "flask.error": error}, self, send)


_handlers: Dict[Any, Dict[Any, Callable[..., Any]]] = {}


def error_handler(app: Any, kind: Any) -> Callable[[Any], Any]:
    """Registers for a status or for a class of exceptions, as Flask does; the nearest one answers.

    On a group it answers for the group's handlers alone.
    """

    def register(handler: Callable[..., Any]) -> Callable[..., Any]:
        _handlers.setdefault(app, {})[kind] = handler
        if isinstance(kind, type) and kind not in (Exception, HTTPException) and not isinstance(app, RouteGroup):
            app.exception_handler(kind)(handler)
        return handler

    return register


def _error_pages(app: Any) -> None:
    def known_now() -> Dict[Any, Callable[..., Any]]:
        known = dict(_handlers.get(app, {}))
        for group in _groups_now.get():
            known.update(_handlers.get(group, {}))
        return known

    async def ask(kind: Any, request: Request, error: BaseException) -> Any:
        outcome = known_now()[kind](request, error)
        return await outcome if inspect.isawaitable(outcome) else outcome

    async def http_error(request: Request, error: Any) -> Any:
        known = known_now()
        error = flask_error(request.scope.get("flask.error", error))
        if not isinstance(error, HTTPError):
            nearest = next((kind for kind in type(error).__mro__ if kind in known), Exception)
            return await ask(nearest, request, error) if nearest in known else await failure(request, error)
        if isinstance(error, MissingKey) and app_settings(app).get("DEBUG"):
            return await failure(request, error)
        if error.response is not None:
            return error.get_response()
        if error.code == 405:
            error.headers = {"allow": ", ".join(request.scope.get("flask.allow", ()))}
        if request.scope.get("flask.api"):
            return request.scope["flask.api"].handle_error(error)
        own = [kind for kind in type(error).__mro__ if issubclass(kind, WebError)]
        for kind in (*own, error.code, HTTPException, Exception):
            if kind in known:
                return await ask(kind, request, error)
        return error.get_response()

    async def failure(request: Request, error: Exception) -> Any:
        known = known_now()
        for kind in type(error).__mro__:
            if kind in known:
                return await ask(kind, request, error)
        logging.getLogger(__name__).error("%s %s failed", request.method, request.scope.get("flask.path", request.scope["path"]), exc_info=error)
        server_error = HTTPError(500, original_exception=error)
        for kind in (500, HTTPException):
            if kind in known:
                return await ask(kind, request, server_error)
        return server_error.get_response()

    for status in (404, 405):
        app.exception_handler(status)(http_error)
    app.exception_handler(HTTPException)(http_error)
    app.exception_handler(Exception)(failure)
