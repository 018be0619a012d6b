def serve_handler(app: Any, handler: Type[BaseHTTPRequestHandler]) -> None:
    """Lets the methods of a handler class answer all requests that no route of `app` takes."""
    in_memory = _in_memory(handler)

    async def answer(request: Any) -> PlainResponse:
        return _parsed(await _written(in_memory, request))

    _answer_everything(app, answer)


def _in_memory(handler: Type[BaseHTTPRequestHandler]) -> Type[BaseHTTPRequestHandler]:
    class InMemory(handler):  # type: ignore[misc, valid-type]
        def setup(self) -> None:
            self.rfile, self.wfile = io.BytesIO(self.request), io.BytesIO()
            self.close_connection = True

        def handle(self) -> None:
            """Done outside, since methods may have to wait for a database."""

        def finish(self) -> None:
            """There is no connection to close."""

    InMemory.__name__, InMemory.__qualname__ = handler.__name__, handler.__qualname__
    InMemory.__module__ = handler.__module__
    return InMemory


async def _written(handler: Type[BaseHTTPRequestHandler], request: Any) -> bytes:
    """What ``handle_one_request`` has a handler write, whose methods may be coroutines."""
    exchange: Any = handler(await _read(request), _client(request), None)  # type: ignore[arg-type]
    try:
        exchange.raw_requestline = exchange.rfile.readline(65537)
        if exchange.parse_request():
            method = getattr(exchange, "do_" + exchange.command, None)
            if method is None:
                exchange.send_error(HTTPStatus.NOT_IMPLEMENTED, "Unsupported method (%r)" % exchange.command)
            else:
                await _called(method)
    except CodeFailed as failure:
        # What had been sent before an error was all that the client got.
        if not exchange.wfile.getvalue():
            raise failure.error
        traceback.print_exception(type(failure.error), failure.error, failure.error.__traceback__)
    return bytes(exchange.wfile.getvalue())


async def _read(request: Any) -> bytes:
    scope = request.scope
    version = "1.0" if scope.get("http_version") == "1.0" else "1.1"
    lines = ["%s %s HTTP/%s" % (scope["method"], _target(request), version)]
    for name, value in scope["headers"]:
        if name != b"expect":  # has been answered
            lines.append("%s: %s" % (name.decode("latin-1"), value.decode("latin-1")))
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + await request.body()


def _parsed(written: bytes) -> PlainResponse:
    status = 100
    while 100 <= status < 200:
        head, end, written = written.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(None, 2)
        if not end or len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
            raise NoAnswer("%r is no answer" % head[:60])
        status = int(words[1])
    headers = [(name.strip(), value.strip()) for name, colon, value in (line.partition(":") for line in lines[1:]) if colon]
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        written = _joined(written)
    return _response(status, headers, written)


def _joined(chunks: bytes) -> bytes:
    """The body that was written in chunks."""
    body = b""
    while chunks:
        size, _, chunks = chunks.partition(b"\r\n")
        length = int(size.split(b";")[0] or b"0", 16)
        if length == 0:
            break
        body, chunks = body + chunks[:length], chunks[length + 2 :]
    return body
