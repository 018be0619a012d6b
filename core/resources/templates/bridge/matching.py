class _Entry:
    """One row as it was loaded, and the element that the application got for it."""

    def __init__(self, row: Any, before: Any, key: Any) -> None:
        self.row, self.before, self.key = row, before, key
        self.element: Any = None


class _Plan:
    """Rows of one store to write."""

    def __init__(self, store: BaseStore) -> None:
        self.store = store
        self.deleted: List[Any] = []
        self.changed: List[Any] = []
        self.added: List[Any] = []

    def __bool__(self) -> bool:
        return bool(self.deleted or self.changed or self.added)


class _Matching:
    """Finds the rows of a store's elements: by identity, then by primary key, then by order."""

    def __init__(self, store: Store, entries: List[_Entry], items: List[Item]) -> None:
        self.store, self.entries, self.items = store, entries, items
        self.rows: List[Any] = [None] * len(items)
        self.left = {id(entry): entry for entry in entries}
        self.changed: List[Any] = []

    def plan(self) -> _Plan:
        plan = _Plan(self.store)
        self.by_identity()
        fresh = {i: self.store.new_row(self.items[i]) for i, row in enumerate(self.rows) if row is None}
        natural = {i: key for i, key in ((i, _primary_key(row)) for i, row in fresh.items()) if None not in key}
        self.refuse_duplicates(natural)
        self.by_key(natural)
        self.by_order([i for i in fresh if i not in natural])
        plan.deleted = [entry.row for entry in self.left.values()]
        for i, row in fresh.items():
            if self.rows[i] is None:
                self.rows[i] = row
                plan.added.append(row)
        moved = self.store.number(self.rows)
        plan.changed = self.changed + [row for row in moved if row not in plan.added]
        return plan

    def take(self, index: int, entry: _Entry) -> None:
        del self.left[id(entry)]
        self.rows[index] = entry.row
        if not _same(self.items[index][1], entry.before):
            self.store.replace(entry.row, self.items[index])
            self.changed.append(entry.row)

    def by_identity(self) -> None:
        if not self.store.is_record:
            return
        known = {id(entry.element): entry for entry in self.entries}
        for index, (key, element) in enumerate(self.items):
            entry = known.get(id(element))
            if entry is None or id(entry) not in self.left or not _same(entry.key, key):
                continue
            same = _same(element, entry.before)
            if same or _primary_key(self.store.new_row((key, element))) in (
                _primary_key(entry.row),
                (None,),
            ):
                self.take(index, entry)

    def by_key(self, natural: Dict[int, Tuple[Any, ...]]) -> None:
        known = {_primary_key(entry.row): entry for entry in self.left.values()}
        for index, key in natural.items():
            entry = known.get(key)
            if entry is not None and _same(_primary_key(entry.row), key):
                self.take(index, entry)

    def by_order(self, indices: List[int]) -> None:
        for index, entry in zip(indices, list(self.left.values())):
            self.take(index, entry)

    def refuse_duplicates(self, natural: Dict[int, Tuple[Any, ...]]) -> None:
        taken = {_primary_key(row) for row in self.rows if row is not None}
        for key in natural.values():
            if key in taken:
                name = self.store.model.__tablename__
                raise DuplicateKey(f"{name}: there is a row with the key {key[0]!r} already")
            taken.add(key)


def _stored(value: Any) -> Any:
    """What stays of a value in a table of plain data: of a Pydantic model its fields, of its URLs their text."""
    kind = type(value)
    if kind.__module__.startswith("pydantic") and kind.__name__.endswith(("Url", "Dsn")):
        return str(value)
    if isinstance(value, dict):
        for key, inner in value.items():
            value[key] = _stored(inner)
    elif isinstance(value, list):
        value[:] = map(_stored, value)
    elif hasattr(value, "model_dump"):
        return _stored(value.model_dump())
    return value


def _primary_key(row: Any) -> Tuple[Any, ...]:
    return tuple(
        getattr(row, row.__mapper__.get_property_by_column(column).key)
        for column in row.__mapper__.primary_key
    )


def _same(one: Any, other: Any, ordered: bool = True) -> bool:
    """Equal, of the same types (1 is not True) and in the same order; that of a record's own fields may not count."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return (list(one) == list(other) if ordered else set(one) == set(other)) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, (set, frozenset, enum.Enum)) or not hasattr(one, "__dict__"):
        return bool(one == other) or (one != one and other != other)
    return _same(dict(vars(one)), dict(vars(other)))


def _fits(column: Any, value: Any) -> bool:
    """Whether the column gives the value back; what its type does not tell is left to the database."""
    if value is None:
        return bool(column.nullable or column.autoincrement is True or column.primary_key or column.default)
    kind = column.type
    if isinstance(kind, Integer):
        bits = 63 if isinstance(kind, BigInteger) else 31
        return type(value) is int and -(2**bits) <= value < 2**bits
    if isinstance(kind, String):
        length = kind.length
        return isinstance(value, str) and (length is None or len(value) <= length) and "\0" not in value
    try:
        expected = kind.python_type
    except NotImplementedError:
        return True
    if expected is float:
        return type(value) in (int, float) and math.isfinite(value)
    return expected in (dict, list, object) or type(value) is expected


def _columns(row: Any) -> Dict[str, Any]:
    return {attribute.key: getattr(row, attribute.key) for attribute in row.__mapper__.column_attrs}


def _mark_changed(row: Any, held: Dict[str, Any]) -> None:
    """Has the columns written that differ from what they held, also where the values say that they are equal."""
    for name, value in _columns(row).items():
        if not _same(value, held[name]):
            flag_modified(row, name)
