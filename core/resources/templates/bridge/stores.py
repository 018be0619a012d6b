def bridged_list(model: Any, position: Optional[str] = None, make: Callable[..., Any] = list) -> Store:
    """A list in a table; `position` is the attribute that orders its rows, else the primary key does."""
    return Store(model, make, None, position)


def bridged_dict(
    model: Any, key: str, position: Optional[str] = None, make: Callable[..., Any] = dict
) -> Store:
    """A dict in a table; `key` is the attribute that holds its keys."""
    return Store(model, make, key, position)


def bridged_set(model: Any) -> Store:
    """A set of single values in a table."""
    return Store(model, set, None, None)


class BaseStore:
    """Stands for data that is in the database between requests."""

    model: Any

    async def load(self, bridge: _Bridge) -> None:
        raise NotImplementedError

    def plan(self, bridge: _Bridge) -> _Plan:
        raise NotImplementedError


class Store(BaseStore):
    """A list, dict or set; every operation works on the container that was loaded for this request."""

    def __init__(
        self, model: Any, make: Callable[..., Any], key: Optional[str], position: Optional[str]
    ) -> None:
        self.model, self._make, self._key, self._position = model, make, key, position

    @property
    def current(self) -> Any:
        """The plain container."""
        return _bridge(self).contents[self]

    @current.setter
    def current(self, container: Any) -> None:
        _bridge(self).contents[self] = container

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.current, name)

    def __len__(self) -> int:
        return len(self.current)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.current)

    def __reversed__(self) -> Iterator[Any]:
        return reversed(self.current)

    def __contains__(self, item: Any) -> bool:
        return item in self.current

    def __getitem__(self, key: Any) -> Any:
        return self.current[key]

    def __setitem__(self, key: Any, value: Any) -> None:
        self.current[key] = value

    def __delitem__(self, key: Any) -> None:
        del self.current[key]

    def __eq__(self, other: Any) -> bool:
        return bool(self.current == (other.current if isinstance(other, Store) else other))

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        bridge = _open.get()
        open_now = bridge is not None and self in bridge.contents
        return repr(self.current) if open_now else f"<store {self.model.__name__}>"

    # From rows to the container and back.

    async def load(self, bridge: _Bridge) -> None:
        mapper = self.model.__mapper__
        order = [getattr(self.model, self._position)] if self._position else []
        query = select(self.model).order_by(*order, *mapper.primary_key)
        if bridge.locks_rows:
            query = query.with_for_update()
        rows = (await bridge.session.scalars(query)).all()
        entries = [_Entry(row, self._element(row), self._key_of(row)) for row in rows]
        container = self._make()
        for entry in entries:
            entry.element = entry.before if bridge.read_only else copy.deepcopy(entry.before)
            if self._key is not None:
                container[entry.key] = entry.element
            elif isinstance(container, set):
                container.add(entry.element)
            else:
                container.append(entry.element)
        bridge.loaded[self], bridge.contents[self] = entries, container

    def plan(self, bridge: _Bridge) -> _Plan:
        """What has to be written so that the table holds what the container holds now."""
        return _Matching(self, bridge.loaded[self], self._items(bridge.contents[self])).plan()

    def _items(self, container: Any) -> List[Item]:
        items = list(container.items()) if self._key is not None else [(None, element) for element in container]
        if hasattr(self.model, "from_object"):  # elements are objects of the application
            return items
        return [(key, _stored(element)) for key, element in items]

    @property
    def is_record(self) -> bool:
        return hasattr(self.model, "to_dict")

    def _element(self, row: Any) -> Any:
        if hasattr(row, "to_object"):
            return row.to_object()
        return row.to_dict() if self.is_record else row.value

    def _key_of(self, row: Any) -> Any:
        return getattr(row, self._key) if self._key is not None else None

    def new_row(self, item: Item) -> Any:
        key, element = item
        try:
            if not self.is_record:
                named = {} if self._key is None else {self._key: key}
                row = self.model(value=element, **named)
            elif hasattr(self.model, "from_object"):
                row = self.model.from_object(element, key)
            else:
                row = self.model.from_dict(element, key)
        except (AttributeError, TypeError, ValueError) as error:
            raise NarrowedValue(f"{self.model.__tablename__}: {element!r} is no record of the table") from error
        self.check(row, item)
        return row

    def replace(self, row: Any, item: Item) -> None:
        """Makes an existing row hold another element."""
        held = _columns(row)
        try:
            if self.is_record:
                row.replace(item[1])
            else:
                row.value = item[1]
        except (AttributeError, TypeError, ValueError) as error:
            raise NarrowedValue(f"{self.model.__tablename__}: {item[1]!r} is no record of the table") from error
        _mark_changed(row, held)
        self.check(row, item)

    def check(self, row: Any, item: Item) -> None:
        """The row must give back what it was given, also after it has been in the database; its fields in their order."""
        key, element = item
        if not _same(self._element(row), element, ordered=False) or not _same(self._key_of(row), key):
            raise NarrowedValue(f"{self.model.__tablename__}: the table cannot hold {element!r}")
        for attribute in self.model.__mapper__.column_attrs:
            column, value = attribute.columns[0], getattr(row, attribute.key)
            if attribute.key != self._position and not _fits(column, value):
                raise NarrowedValue(f"{self.model.__tablename__}.{column.name} cannot hold {value!r}")

    def number(self, rows: List[Any]) -> List[Any]:
        """Gives the rows positions in this order; returns those that got another one."""
        if self._position is None:
            return []
        moved: List[Any] = []
        placed = [getattr(row, self._position) for row in rows]
        last: Optional[int] = None
        for index, row in enumerate(rows):
            position = placed[index]
            if position is None or (last is not None and position <= last):
                if last is None:  # in front of the first row that has a position
                    ahead = [(i, p) for i, p in enumerate(placed) if p is not None]
                    position = ahead[0][1] - ahead[0][0] if ahead else 1
                else:
                    position = last + 1
                setattr(row, self._position, position)
                moved.append(row)
            last = position
        return moved
