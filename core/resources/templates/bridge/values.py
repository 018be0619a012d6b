class Value(BaseStore):
    """A single variable; `value` reads and sets it."""

    def __init__(self, model: Any, name: str, default: Any) -> None:
        self.model, self.name, self.default = model, name, default

    @property
    def value(self) -> Any:
        return _bridge(self).contents[self]

    @value.setter
    def value(self, value: Any) -> None:
        _bridge(self).contents[self] = value

    async def load(self, bridge: _Bridge) -> None:
        row = await bridge.session.get(self.model, self.name)
        before = self._first(row)
        bridge.loaded[self] = [_Entry(row, before, None)]
        bridge.contents[self] = copy.deepcopy(before)

    def _first(self, row: Any) -> Any:
        return self.default if row is None else row.value

    def plan(self, bridge: _Bridge) -> _Plan:
        entry, value = bridge.loaded[self][0], bridge.contents[self]
        plan = _Plan(self)
        if not _same(value, entry.before):
            if entry.row is None:
                plan.added.append(self.model(name=self.name, value=value))
            else:
                entry.row.value = value
                flag_modified(entry.row, "value")
                plan.changed.append(entry.row)
        return plan


class Counter(Value):
    """An itertools.count() that goes on after a restart."""

    def __init__(self, model: Any, name: str, start: Any = 0, step: Any = 1) -> None:
        super().__init__(model, name, start)
        self.step = step

    def _first(self, row: Any) -> Any:
        # It may not have been known when the rows were loaded.
        return self.default if row is None or row.value is None else row.value

    def __iter__(self) -> Counter:
        return self

    def __next__(self) -> Any:
        number = self.value
        self.value = number + self.step
        return number


bridged_value = Value
bridged_counter = Counter
