def serve_asgi(app: Any, application: Callable[..., Any]) -> None:
    """Lets an ASGI application answer all requests that no route of `app` takes."""

    async def answer(request: Any) -> PlainResponse:
        body = await request.body()
        incoming = [{"type": "http.request", "body": body, "more_body": False}]
        started: List[Any] = []
        parts: List[bytes] = []

        async def receive() -> Any:
            return incoming.pop() if incoming else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                started[:] = [message["status"], list(message.get("headers", []))]
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        scope = {key: value for key, value in request.scope.items() if key in _SERVER_KEYS}
        try:
            await _called(application, scope, receive, send)
        except CodeFailed as failure:
            if started:
                raise failure.error
            traceback.print_exception(type(failure.error), failure.error, failure.error.__traceback__)
        if not started:
            return _response(500, [("content-type", "text/plain; charset=utf-8")], b"Internal Server Error")
        headers = [(bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in started[1]]
        return _response(started[0], headers, b"".join(parts))

    _answer_everything(app, answer)


#: What a server puts into a scope; an application adds keys of its own.
_SERVER_KEYS = {
    "type",
    "asgi",
    "http_version",
    "method",
    "scheme",
    "path",
    "raw_path",
    "query_string",
    "root_path",
    "headers",
    "client",
    "server",
    "extensions",
}
