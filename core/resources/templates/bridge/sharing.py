_sharing: Dict[Any, Tuple[Any, ...]] = {}


def sharing(store: Any, *models: Any) -> Any:
    """Lets stores hold the same records, as they did in memory: those of the stores with these `models`, too.

    A record that is changed is changed wherever it is.
    """
    _sharing[store] = models
    return store


def _with_sharing(stores: Any) -> List[Any]:
    """The stores, and those that hold records of them."""
    opened = {store: True for store in stores}  # stores compare by their content
    open_ends = [store for store in opened if store in _sharing]
    while open_ends:
        store = open_ends.pop()
        for other, models in _sharing.items():
            if other not in opened and (store.model in models or other.model in _sharing[store]):
                opened[other] = True
                open_ends.append(other)
    return list(opened)


def _share_records(bridge: _Bridge, store: Any, done: Dict[Any, bool]) -> None:
    """Puts the records of other stores in place of their copies, after the same for those stores."""
    if store in done:
        return
    done[store] = True
    owners = [other for other in bridge.contents if other.model in _sharing.get(store, ())]
    for owner in owners:
        _share_records(bridge, owner, done)
    records = _Records([entry.element for owner in owners for entry in bridge.loaded[owner]])
    for index, entry in enumerate(bridge.loaded[store]):
        shared = records.shared(entry.element)
        if shared is not entry.element:
            bridge.contents[store][index if entry.key is None else entry.key] = entry.element = shared


class _Records:
    """Records by what they hold."""

    def __init__(self, records: List[Any]) -> None:
        self.known: Dict[Any, List[Any]] = {}
        for record in records:
            self.known.setdefault(self.trait(record), []).append(record)

    def trait(self, value: Any) -> Any:
        fields = value if isinstance(value, dict) else getattr(value, "__dict__", None)
        if not isinstance(fields, dict):
            return None
        return frozenset((key, inner) for key, inner in fields.items() if isinstance(inner, (str, int, float, bool)))

    def shared(self, value: Any) -> Any:
        trait = self.trait(value)
        for record in self.known.get(trait, ()) if trait else ():
            if _same(record, value, ordered=False):
                return record
        if isinstance(value, list):
            value[:] = map(self.shared, value)
        elif isinstance(value, tuple) and type(value) is tuple:
            inner = tuple(map(self.shared, value))
            return inner if any(a is not b for a, b in zip(inner, value)) else value
        elif trait is not None and not isinstance(value, enum.Enum):
            fields = value if isinstance(value, dict) else vars(value)
            for key, held in list(fields.items()):
                fields[key] = self.shared(held)
        return value
