class _AtStart:
    """What memory holds until a request takes the table instead."""

    def __init__(self) -> None:
        self.contents: Dict[BaseStore, Any] = {}


_at_start: Any = _AtStart()


def started_with(store: Any, content: Any) -> Any:
    """Code that runs when the program starts works on this content of the store.

    It is what memory started with. The rows of the table are what that code left of it, so nothing of what
    it does at a later start is written.
    """
    _at_start.contents[store] = content
    return store
