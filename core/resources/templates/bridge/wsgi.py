class _Transaction(_Bridge):
    """Serves whichever store is touched next."""

    def lock(self, stores: List[BaseStore]) -> None:
        """All tables and in one order, so that the requests of two processes never wait for each other."""
        if self.contents:
            return
        preparer = self.session.get_bind().dialect.identifier_preparer
        tables = sorted(stores[0].model.metadata.tables.values(), key=lambda table: table.name)
        if self.dialect == "postgresql":
            names = ", ".join(preparer.format_table(table) for table in tables)
            self.session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        elif self.locks_rows:
            for table in tables:
                self.session.execute(select(1).select_from(table).order_by(*table.primary_key).limit(1).with_for_update())


class _Scope:
    """One request, or one block of open_stores(): it costs nothing until it touches a store."""

    def __init__(self) -> None:
        self.stack = ExitStack()
#if locks
        # Before any lock of the application: two requests must not wait for each other.
        self.stack.enter_context(_alone)
#endif
        self.bridge: Optional[_Transaction] = None
        self.closed = False

    @property
    def contents(self) -> Dict[BaseStore, Any]:
        return {} if self.bridge is None else self.bridge.contents

    def load(self, store: BaseStore) -> _Bridge:
        if self.bridge is None:
#if locks
#else
            self.stack.enter_context(_alone)
#endif
            self.bridge = _Transaction(self.stack.enter_context(database_session()), False)
        self.bridge.load([store])
        return self.bridge

    def finish(self, failed: bool) -> None:
        """Writes back what has changed; what is left of a failure is its answer, whatever becomes of the changes."""
        try:
            if self.bridge is not None and failed:
                self.bridge.write_what_fits()
            elif self.bridge is not None:
                self.bridge.write()
        finally:
            self.closed = True
            self.stack.close()


def _bridge(store: BaseStore) -> _Bridge:
    scope = _open.get()
#if starting
    if scope is None and store in _at_start.contents:
        return _at_start
#endif
    if scope is None or scope.closed:
        name = store.model.__tablename__
        raise RuntimeError(f"the store of table {name} is used outside of a request: with open_stores(): ...")
    return scope.load(store)


@contextmanager
def open_stores() -> Iterator[None]:
    """Opens the stores for a block of code that no request runs: ``with open_stores(): ...``."""
    outer = _open.get()
    if outer is not None and not outer.closed:
        yield
        return
    scope, failed = _Scope(), True
    token = _open.set(scope)
    try:
        yield
        failed = False
    finally:
        _open.reset(token)
        scope.finish(failed)


def with_stores(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a function that requests and other code may call: a command, a scheduled job."""

    @functools.wraps(function)
    def opened(*args: Any, **kwargs: Any) -> Any:
        with open_stores():
            return function(*args, **kwargs)

    return opened


class StoresMiddleware:
    """Opens the stores for each request of a WSGI application."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: Any, start_response: Callable[..., Any]) -> Iterable[bytes]:
        outer = _open.get()
        if outer is not None and not outer.closed:  # a request that is made while another one is answered
            return self.application(environ, start_response)
        answer, scope = _Answer(start_response), _Scope()
        token = _open.set(scope)
        try:
            body = self.application(environ, answer.start)
        except BaseException:
            scope.finish(failed=True)
            raise
        finally:
            _open.reset(token)
        try:
            scope.finish(answer.failed)
        except RefusedChange as error:
            getattr(body, "close", bool)()
            return answer.refuse(error)
        answer.release()
        return body


class _Answer:
    """Keeps the head of an answer back until the changes of its request are written."""

    def __init__(self, start_response: Callable[..., Any]) -> None:
        self.start_response = start_response
        self.head: Optional[Tuple[Any, ...]] = None
        self.early: List[bytes] = []  # what the application writes itself, as old ones do
        self.write: Callable[[bytes], Any] = self.early.append
        self.released = False

    @property
    def failed(self) -> bool:
        return self.head is not None and str(self.head[0]).startswith("5")

    def start(self, *head: Any) -> Callable[[bytes], Any]:
        if self.released:  # it starts its answer when its body is read
            return self.start_response(*head)
        self.head = head
        return lambda data: self.write(data)

    def release(self) -> None:
        self.released = True
        if self.head is None:
            return
        early, self.write = self.early, self.start_response(*self.head)
        for data in early:
            self.write(data)

    def refuse(self, error: RefusedChange) -> List[bytes]:
        body = json.dumps({"detail": str(error)}).encode()
        self.start_response(error.status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
