def fill_when_empty(fill: Callable[[], Any], *stores: BaseStore) -> None:
    """Runs code that fills stores before the server starts, unless they hold rows since an earlier start."""
    asyncio.run(_fill_when_empty(fill, stores))


_empty_at_start: Dict[BaseStore, bool] = {}


async def _fill_when_empty(fill: Callable[[], Any], stores: Tuple[BaseStore, ...]) -> None:
    async with open_stores(*stores):
        engine = _bridge(stores[0]).session.bind
        for store in stores:
            if store not in _empty_at_start:
                _empty_at_start[store] = not isinstance(store, Store) or len(store) == 0
        if all(_empty_at_start[store] for store in stores):
            fill()
    if isinstance(engine, AsyncEngine):
        await engine.dispose()  # its connections belong to the event loop that ends here
