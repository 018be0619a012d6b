def dependency_stores(
    *stores: BaseStore, read_only: bool = False, in_thread: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """The same for a function that handlers get values from: ``Depends(current_user)``.

    What it opens stays open until the handler has ended, which may change what it was given; behind a ``yield``
    it stays open for what follows that.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        async def bridged(*args: Any, **kwargs: Any) -> Any:
            scope = kwargs.pop("covet_stores", None)
            if scope is None:  # called by other code
                async with open_stores(*stores, read_only=read_only):
                    return await _result(function, in_thread, args, kwargs)
            await scope.open(stores, read_only)
            return await _result(function, in_thread, args, kwargs)

        @functools.wraps(function)
        async def yielding(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            await kwargs.pop("covet_stores").open(stores, read_only, keeps=True)
            if inspect.isasyncgenfunction(function):
                async with asynccontextmanager(function)(*args, **kwargs) as value:
                    yield value
            else:
                with contextmanager(function)(*args, **kwargs) as value:
                    yield value

        yields = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
        made: Any = yielding if yields else bridged
        signature = _signature(function)
        injected = inspect.Parameter(
            "covet_stores", inspect.Parameter.KEYWORD_ONLY, annotation=Any, default=Depends(_request_scope)
        )
        parameters = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
        made.__signature__ = signature.replace(parameters=[*parameters, injected])
        return made

    return decorate


async def _result(function: Callable[..., Any], in_thread: bool, args: Any, kwargs: Any) -> Any:
    if in_thread:
        return await asyncio.to_thread(function, *args, **kwargs)
    result = function(*args, **kwargs)
    return await result if inspect.isawaitable(result) else result


class _Scope:
    """What the dependencies of one request have opened."""

    def __init__(self, reads: bool) -> None:
        self.reads, self.stack = reads, AsyncExitStack()
        self.bridge: Optional[_Bridge] = None
        self.keeps = False  # some dependency goes on when the handler has ended

    async def open(self, stores: Any, read_only: bool, keeps: bool = False) -> None:
        self.keeps = self.keeps or keeps
        outer = _open.get()
        if outer is not None and not outer.closed:
            await outer.load(stores)
            outer.waits = outer.waits and not keeps
            return
        reads = self.reads and read_only
        await self.stack.enter_async_context(_alone(reads))
        session = await self.stack.enter_async_context(asynccontextmanager(get_database_session)())
        self.bridge = _Bridge(session, reads)
        await self.bridge.load(stores)
        self.bridge.waits = not keeps
        self.bridge.release = self.stack.aclose
        _open.set(self.bridge)

    async def close(self, failed: bool) -> None:
        try:
            if self.bridge is not None and not self.bridge.closed:
                self.bridge.closed = True
                await (self.bridge.write() if self.keeps and not failed else self.bridge.write_what_fits())
        finally:
            await self.stack.aclose()


async def _request_scope(request: Request) -> AsyncIterator[_Scope]:
    endpoint = request.scope.get("endpoint")
    while endpoint is not None and not hasattr(endpoint, "read_only"):
        endpoint = getattr(endpoint, "__wrapped__", None)
    scope = _Scope(bool(getattr(endpoint, "read_only", False)))
    failed = True
    try:
        yield scope
        failed = False
    finally:
        await scope.close(failed)
