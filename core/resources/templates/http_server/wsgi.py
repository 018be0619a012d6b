def serve_wsgi(app: Any, application: Callable[..., Any]) -> None:
    """Lets a WSGI application answer all requests that no route of `app` takes."""

    async def answer(request: Any) -> PlainResponse:
        started: List[Any] = []
        body: List[bytes] = []

        def start_response(status: str, headers: List[Tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            started[:] = [int(status.split(None, 1)[0]), list(headers)]
            return body.append

        try:
            result = await _called(application, await _environ(request), start_response)
            body.extend(_closing(result))
            if not started:
                raise NoAnswer("start_response() was not called")
        except CodeFailed as failure:
            traceback.print_exception(type(failure.error), failure.error, failure.error.__traceback__)
            message = b"A server error occurred.  Please contact the administrator."
            return _response(500, [("Content-Type", "text/plain")], message)
        return _response(started[0], started[1], b"".join(body))

    _answer_everything(app, answer)


def _closing(result: Any) -> List[bytes]:
    """All parts of a body; what fails here is the application's."""
    try:
        return list(result)
    except Exception as error:
        raise CodeFailed(error) from error
    finally:
        if hasattr(result, "close"):
            result.close()


async def _environ(request: Any) -> Any:
    scope = request.scope
    host, port = scope.get("server") or ("127.0.0.1", 80)
    client = _client(request)
    path, _, query = _target(request).partition("?")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/" + scope.get("http_version", "1.1"),
        "REMOTE_ADDR": client[0],
        "REMOTE_HOST": client[0],
        "CONTENT_TYPE": "text/plain",
        "CONTENT_LENGTH": "",
        "GATEWAY_INTERFACE": "CGI/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(await request.body()),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").upper().replace("-", "_"), value.decode("latin-1").strip()
        if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[key] = text
        elif "HTTP_" + key in environ:
            environ["HTTP_" + key] += "," + text
        else:
            environ["HTTP_" + key] = text
    return environ
