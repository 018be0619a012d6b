#if starting
def filled_at_first(store: Store, state: Any, name: str, content: Optional[Callable[[], Any]] = None) -> Store:
    """Lets code make the first content of a store: once, when the application first uses it.

    Without `content` that is what the code that runs when the program starts leaves of it. `state` is the
    model whose row of this name tells that it has been made.
    """
#else
def filled_at_first(store: Store, state: Any, name: str, content: Callable[[], Any]) -> Store:
    """Lets code make the first content of a store: once, when the application first uses it.

    `state` is the model whose row of this name tells that it has been made.
    """
#endif
    return _FilledStore(store, state, name, content)


class _FilledStore(Store):
    def __init__(self, store: Store, state: Any, name: str, content: Callable[[], Any]) -> None:
        self.__dict__.update(vars(store))
        self._state, self._name, self._content = state, name, content
        self._is_filled = False
#if starting
        if content is None:
            _at_start.filled.append(self)
#endif

    async def load(self, bridge: _Bridge) -> None:
        if not self._is_filled:
            await self._fill(bridge)
        await super().load(bridge)

    async def _fill(self, bridge: _Bridge) -> None:
#if awaits
        if not bridge.read_only:
            await self._fill_once(bridge)
            return
        await bridge.session.commit()  # what it has read must not keep the other session from writing
        async with asynccontextmanager(get_database_session)() as session:
            await self._fill_once(_Bridge(session, read_only=False))
            await session.commit()
#else
        await self._fill_once(bridge)
#endif

    async def _fill_once(self, bridge: _Bridge) -> None:
        session = bridge.session
        if await session.get(self._state, self._name) is not None:
            self._is_filled = True
            return
#if starting
        # What the program has made refers to each other, and another process makes other ids: all of it or nothing.
        stores = _at_start.filled if self._content is None else [self]
        plans = [_Matching(store, [], store._items(store._first_content())).plan() for store in stores]
        tables = list(self.model.metadata.sorted_tables)
        plans.sort(key=lambda plan: tables.index(plan.store.model.__table__))
        states = [store._state(name=store._name, value=True) for store in stores]
#else
        plans = [_Matching(self, [], self._items(self._content())).plan()]
        states = [self._state(name=self._name, value=True)]
#endif
        try:
            async with session.begin_nested():
                session.add_all(states)
                await session.flush()
                await bridge.write_plans(plans)
        except IntegrityError:  # another process was first
            if await session.get(self._state, self._name) is None:
                raise
#if starting

    def _first_content(self) -> Any:
        return _at_start.content_of(self) if self._content is None else self._content()
#endif
