def _named(store: Any) -> BaseStore:
    """The store itself, or the one that a text like "shop.orders:order_rows" names.

    A module that the module of the store imports cannot import that one when it starts.
    """
    if not isinstance(store, str):
        return store  # type: ignore[no-any-return]
    module, _, name = store.partition(":")
    name, _, key = name.partition("[")
    found = getattr(import_module(module), name)
    return found[key[:-1]] if key else found  # type: ignore[no-any-return]
