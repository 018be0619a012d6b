def with_stores(
    *stores: BaseStore, read_only: bool = False, in_thread: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """Runs a function with these stores loaded, and writes back what it changed.

    The result is an async function. Called while stores are open, it only loads those that are missing.
    `in_thread`: a sync function that blocks runs in a worker thread.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        async def bridged(*args: Any, **kwargs: Any) -> Any:
            async with open_stores(*stores, read_only=read_only):
                if in_thread:
                    return await asyncio.to_thread(function, *args, **kwargs)
                result = function(*args, **kwargs)
                return await result if inspect.isawaitable(result) else result

        bridged.__signature__ = _signature(function)  # type: ignore[attr-defined]
        bridged.read_only = read_only  # type: ignore[attr-defined]
        return bridged

    return decorate


@asynccontextmanager
async def open_stores(*stores: BaseStore, read_only: bool = False) -> AsyncIterator[None]:
    """The same for a block of code: ``async with open_stores(products_db): ...``."""
    outer = _open.get()
    if outer is not None and not outer.closed:
        await outer.load(stores)
        if not outer.waits:
            yield
            return
        outer.waits = False  # opened by a dependency: this ends it
        async with _written(outer):
            yield
        return
    async with _alone(read_only), asynccontextmanager(get_database_session)() as session:
        bridge = _Bridge(session, read_only)
        await bridge.load(stores)
        token = _open.set(bridge)
        try:
            async with _written(bridge):
                yield
        finally:
            _open.reset(token)


@asynccontextmanager
async def _written(bridge: _Bridge) -> AsyncIterator[None]:
    """Writes back what has changed when the block ends, however it ends."""
    try:
        yield
    except (Exception, asyncio.CancelledError):
        await bridge.write_what_fits()
        raise
    else:
        await bridge.write()
    finally:
        bridge.closed = True
        if bridge.release is not None:
            await bridge.release()
