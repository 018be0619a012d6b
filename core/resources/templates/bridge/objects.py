def on_tables(made: Any, **stores: BaseStore) -> Any:
    """Gives an object stores of its own in place of the containers that its class makes for it."""
    for name, store in stores.items():
        object.__setattr__(made, name, store)
    return made
