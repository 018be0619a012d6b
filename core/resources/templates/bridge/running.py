def _bridge(store: BaseStore) -> _Bridge:
    bridge = _open.get()
#if starting
    if bridge is None and store in _at_start.contents:
        return _at_start
#endif
    if bridge is None or bridge.closed or store not in bridge.contents:
        name = store.model.__tablename__
        raise RuntimeError(f"the store of table {name} is used outside of @with_stores(...)")
    return bridge


@asynccontextmanager
async def _alone(read_only: bool) -> AsyncIterator[None]:
    """Requests that write follow one another, as they did on one thread."""
    if read_only:
        yield
        return
    async with _locks.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        yield


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """With annotations that are no longer texts, which others would look up in this module."""
    signature = inspect.signature(function)
    written = [*(p.annotation for p in signature.parameters.values()), signature.return_annotation]
    if not any(isinstance(annotation, str) for annotation in written):
        return signature
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception:  # names that exist only for type checkers
        return signature
    parameters = [p.replace(annotation=hints.get(p.name, p.annotation)) for p in signature.parameters.values()]
    returned = hints.get("return", signature.return_annotation)
    return signature.replace(
        parameters=parameters, return_annotation=None if returned is type(None) else returned
    )
