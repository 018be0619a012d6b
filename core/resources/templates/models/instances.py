def is_instance(value):
    """Whether it is an object of a class that the application has made."""
    if hasattr(value, "_asdict") or dataclasses.is_dataclass(value):
        return True
    builtin = isinstance(value, (dict, list, set)) or callable(value)
    return hasattr(value, "__dict__") and not builtin


def fields_of(value):
    """Attributes of an object of the application."""
    if hasattr(value, "_asdict"):
        return value._asdict()
    fields = {}
    for base in reversed(type(value).__mro__):
        slots = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if not name.startswith("__") and hasattr(value, name):
                fields[name] = getattr(value, name)
    fields.update(getattr(value, "__dict__", {}))
    fields.update(getattr(value, "__pydantic_extra__", None) or {})
    return fields


def build(made, fields):
    """An object of a class of the application with these attributes; no code of it runs."""
    if hasattr(made, "model_construct"):  # Pydantic 2
        return made.model_construct(**fields)
    if hasattr(made, "__fields__") and hasattr(made, "construct"):  # Pydantic 1
        return made.construct(**fields)
    if issubclass(made, tuple):
        return made(**fields)
    value = object.__new__(made)
    for name, field in fields.items():
        object.__setattr__(value, name, field)
    return value


def load_class(path):
    """The class of a "module:Class"; its module may be the script that was started."""
    module, _, name = path.partition(":")
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    if main and module not in sys.modules and Path(main).stem == module.rpartition(".")[2]:
        module = "__main__"
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return found


def class_path(kind):
    module = kind.__module__
    if module == "__main__":
        module = Path(sys.modules["__main__"].__file__).stem
    return f"{module}:{kind.__qualname__}"
