_before: Dict[Any, List[Callable[..., Any]]] = {}
_after: Dict[Any, List[Callable[..., Any]]] = {}
_teardown: Dict[Any, List[Callable[..., Any]]] = {}


def before_request(app: Any) -> Callable[[Any], Any]:
    """Runs the function before each handler of an application or a group; what it returns, unless None, is the answer."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _before.setdefault(app, []).append(function)
        return function

    return register


def after_request(app: Any) -> Callable[[Any], Any]:
    """Runs the function on each answer, before it is sent; it may change status and headers."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _after.setdefault(app, []).insert(0, function)
        return function

    return register


def teardown_request(app: Any) -> Callable[[Any], Any]:
    """Runs the function after each request, with the error that ended it or None."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _teardown.setdefault(app, []).insert(0, function)
        return function

    return register


_delayed: ContextVar[List[Callable[..., Any]]] = ContextVar("flask_delayed")


def after_this_request(function: Callable[..., Any]) -> Callable[..., Any]:
    """Runs the function on the answer of the request in progress, before those for all answers."""
    _delayed.get().append(function)
    return function


def of_application(hook: Callable[[Any], Any], group: Any) -> Callable[[Any], Any]:
    """What a group registers for each request of the application on which it is put."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        group.at_registration.append(lambda app: hook(app)(function))
        return function

    return register


class AnswerHead:
    """Status and headers of an answer on its way out."""

    def __init__(self, message: Any) -> None:
        self.status_code = message["status"]
        self.headers = AnswerHeaders(
            [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        )


    def set_cookie(self, *args: Any, **options: Any) -> None:
        response = Response()
        response.set_cookie(*args, **options)
        self.headers.pairs += [(name, value) for name, value in response.headers.items() if name == "set-cookie"]

    def delete_cookie(self, *args: Any, **options: Any) -> None:
        response = Response()
        response.delete_cookie(*args, **options)
        self.headers.pairs += [(name, value) for name, value in response.headers.items() if name == "set-cookie"]


class AnswerHeaders:
    def __init__(self, pairs: List[Tuple[str, str]]) -> None:
        self.pairs = pairs

    def __setitem__(self, name: str, value: Any) -> None:
        self.pairs = [pair for pair in self.pairs if pair[0].lower() != name.lower()]
        self.add(name, value)

    def add(self, name: str, value: Any, **options: Any) -> None:
        self.pairs.append((name, with_options(value, options)))

    def __getitem__(self, name: str) -> str:
        for known, value in self.pairs:
            if known.lower() == name.lower():
                return value
        raise KeyError(name)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default

    def __contains__(self, name: object) -> bool:
        return any(known.lower() == str(name).lower() for known, _ in self.pairs)

    def extend(self, values: Dict[str, Any]) -> None:
        for name, value in values.items():
            self.add(name, value)

    def set(self, name: str, value: Any, **options: Any) -> None:
        self[name] = with_options(value, options)

    def update(self, values: Any = (), **more: Any) -> None:
        for name, value in dict(values, **more).items():
            self[name] = value

    def setdefault(self, name: str, value: Any) -> str:
        if name not in self:
            self.add(name, value)
        return self[name]

    def pop(self, name: str, *default: Any) -> Any:
        value = self.get(name, *default) if default else self[name]
        self.remove(name)
        return value

    def remove(self, name: str) -> None:
        self.pairs = [pair for pair in self.pairs if pair[0].lower() != name.lower()]

    __delitem__ = remove


class RunHooks:
    """Runs the functions that were registered above around each request of an application, or of a handler in groups."""

    def __init__(self, app: Any, owner: Any = None, groups: Any = ()) -> None:
        self.app, self.owners = app, [owner] if owner is not None else list(groups)
        self.outermost = owner is not None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started, listened = False, Replayed(receive)
        if self.outermost:
            _delayed.set([])
        delayed = _delayed.get([])

        async def send_through_hooks(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                head = AnswerHead(message)
                waiting, delayed[:] = delayed[:], []
                for function in [*waiting, *self.inside_out(_after)]:
                    outcome = function(head)
                    head = await outcome if inspect.isawaitable(outcome) else outcome
                headers = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in head.headers.pairs]
                message = {**message, "status": head.status_code, "headers": headers}
                if any(name == b"content-length" for name, _ in headers):
                    await tear_down()  # the client sees what it did, unless the answer is made while it is sent
            await send(message)

        failed: Optional[BaseException] = None
        ending = self.inside_out(_teardown)

        async def tear_down() -> None:
            waiting, ending[:] = ending[:], []
            for function in waiting:
                outcome = function(failed)
                if inspect.isawaitable(outcome):
                    await outcome

        try:
            for function in [one for owner in self.owners for one in _before.get(owner, [])]:
                outcome = function()
                outcome = await outcome if inspect.isawaitable(outcome) else outcome
                if outcome is not None:
                    return await answer(outcome)(scope, receive, send_through_hooks)
            await self.app(scope, listened, send_through_hooks)
        except Exception as error:
            failed = error
            if started:
                raise
            await listened.answer_error(self.app, scope, error, send_through_hooks)
        finally:
            await tear_down()

    def inside_out(self, registered: Dict[Any, List[Callable[..., Any]]]) -> List[Callable[..., Any]]:
        return [function for owner in reversed(self.owners) for function in registered.get(owner, [])]


_around_groups.append(RunHooks)
