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
        async with outer.written():
            yield
        return
    async with _alone(read_only), asynccontextmanager(get_database_session)() as session:
        bridge = _Bridge(session, read_only)
        await bridge.load(stores)
        token = _open.set(bridge)
        try:
            async with bridge.written():
                yield
        finally:
            _open.reset(token)


class _Bridge:
    """The stores of one request and the session that they were loaded with."""

    def __init__(self, session: AsyncSession, read_only: bool) -> None:
        self.session, self.read_only = session, read_only
        self.contents: Dict[BaseStore, Any] = {}
        self.loaded: Dict[BaseStore, List[_Entry]] = {}
        self.closed = False
        self.waits = False  # for the handler whose dependency has opened it
        self.dialect = session.get_bind().dialect.name
        self.locks_rows = not read_only and self.dialect in ("mysql", "mariadb")

    async def load(self, stores: Any) -> None:
        missing = [store for store in stores if store not in self.contents]
        if not missing:
            return
        # What is read must not change before it is written back, whoever else writes.
        if not self.contents:
            begin = "DEFERRED" if self.read_only else "IMMEDIATE"
            await self.session.connection(execution_options={"sqlite_begin": begin})
        if self.dialect == "postgresql" and not self.read_only:
            names = ", ".join(sorted({self.table_name(store.model) for store in missing}))
            await self.session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
        for store in missing:
            await store.load(self)

    def table_name(self, model: Any) -> str:
        return str(self.session.get_bind().dialect.identifier_preparer.format_table(model.__table__))

    @asynccontextmanager
    async def written(self) -> AsyncIterator[None]:
        """Writes back what has changed when the block ends, however it ends."""
        try:
            yield
        except (Exception, asyncio.CancelledError):
            await self.write_what_fits()
            raise
        else:
            await self.write()
        finally:
            self.closed = True
            await self.release()

    async def release(self) -> None:
        """Gives back what a dependency has taken for the request."""

    async def write(self) -> None:
        if self.read_only:
            return
        try:
            with self.session.no_autoflush:
                plans = [plan for plan in (store.plan(self) for store in self.contents) if plan]
                tables = [table.name for table in self.sorted_tables()]
                plans.sort(key=lambda plan: tables.index(plan.store.model.__tablename__))
                await self.write_plans(plans)
            await self.session.commit()
        except IntegrityError as error:
            raise DuplicateKey(f"the change contradicts other rows: {error.orig}") from error
        except StatementError as error:
            if isinstance(error, DBAPIError) and not isinstance(error, DataError):
                raise
            raise NarrowedValue(f"the table cannot hold a value: {error.orig}") from error

    def sorted_tables(self) -> Any:
        return next(iter(self.contents)).model.metadata.sorted_tables if self.contents else []

    async def write_plans(self, plans: List[_Plan]) -> None:
        """Rows that refer to others go first and come last."""
        for plan in reversed(plans):
            for row in plan.deleted:
                await self.session.delete(row)
            await self.session.flush(plan.deleted)
        for plan in plans:
            self.session.add_all(plan.added)
            await self.session.flush(plan.changed + plan.added)
            await self.advance_sequence(plan)

    async def write_what_fits(self) -> None:
        """After an exception: it is the answer, whatever becomes of the changes before it."""
        try:
            await self.write()
        except HTTPException:
            await self.session.rollback()

    async def advance_sequence(self, plan: _Plan) -> None:
        """PostgreSQL does not count ids that were given explicitly."""
        column = plan.store.model.__table__.autoincrement_column
        if self.dialect != "postgresql" or column is None or not plan.added:
            return
        table = self.table_name(plan.store.model).replace("'", "''")
        sequence = f"pg_get_serial_sequence('{table}', '{column.name}')::regclass"
        highest = max(_primary_key(row)[0] for row in plan.added)
        await self.session.execute(
            text(
                f"SELECT setval({sequence}, {int(highest)}) WHERE {sequence} IS NOT NULL"
                f" AND {int(highest)} > coalesce(pg_sequence_last_value({sequence}), 0)"
            )
        )


def _bridge(store: BaseStore) -> _Bridge:
    bridge = _open.get()
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
