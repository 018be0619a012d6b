class _Bridge:
    """The stores of one request and the session that they were loaded with."""

    def __init__(self, session: AsyncSession, read_only: bool) -> None:
        self.session, self.read_only = session, read_only
        self.contents: Dict[BaseStore, Any] = {}
        self.loaded: Dict[BaseStore, List[_Entry]] = {}
        self.closed = False
        self.waits = False  # for the handler whose dependency has opened it
        self.release: Any = None  # gives back what a dependency has taken for the request
        self.dialect = session.get_bind().dialect.name
        self.locks_rows = not read_only and self.dialect in ("mysql", "mariadb")

    async def load(self, stores: Any) -> None:
#if late
        stores = [_named(store) for store in stores]
#endif
#if sharing
        if not self.read_only:
            stores = _with_sharing(stores)
#endif
        missing = [store for store in stores if store not in self.contents]
        if not missing:
            return
        # What is read must not change before it is written back, whoever else writes.
        if not self.contents:
            begin = "DEFERRED" if self.read_only else "IMMEDIATE"
            await self.session.connection(execution_options={"sqlite_begin": begin})
        await self.lock(missing)
        for store in missing:
            await store.load(self)
#if starting
            _at_start.leave(store)
#endif
#if sharing
        if not self.read_only:
            done: Dict[Any, bool] = {}
            for store in missing:
                _share_records(self, store, done)
#endif

    async def lock(self, stores: List[BaseStore]) -> None:
        """On PostgreSQL; MySQL locks the rows that are read, and SQLite has begun with a lock."""
        if self.dialect == "postgresql" and not self.read_only:
            names = ", ".join(sorted({self.table_name(store.model) for store in stores}))
            await self.session.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))

    def table_name(self, model: Any) -> str:
        return str(self.session.get_bind().dialect.identifier_preparer.format_table(model.__table__))

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
