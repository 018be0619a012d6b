class _AtStart:
    """What memory holds until a request takes the table instead."""

    def __init__(self) -> None:
        self.contents: Dict[BaseStore, Any] = {}
        self.left: Dict[BaseStore, Any] = {}
        self.filled: List[Any] = []  # stores whose first content it is

    def leave(self, store: BaseStore) -> None:
        if store in self.contents:
            self.left[store] = self.contents.pop(store)

    def content_of(self, store: BaseStore) -> Any:
        return self.contents[store] if store in self.contents else self.left[store]


_at_start: Any = _AtStart()


def started_with(store: Any, content: Any) -> Any:
    """Code that runs when the program starts works on this content of the store.

    It is what memory started with. The rows of the table are what that code left of it, so nothing of what
    it does at a later start is written.
    """
    _at_start.contents[store] = content
    return store
