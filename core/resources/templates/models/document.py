def encode(value):
    """The value as JSON; what JSON does not know becomes an object of one key, such as "$date"."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else {"$float": repr(value)}
    if kind is list:
        return [encode(item) for item in value]
    if kind in _TEXTS:
        name, to_text, _ = _TEXTS[kind]
        return {name: to_text(value)}
    if isinstance(value, enum.Enum):
        return {"$enum": [class_path(kind), value.name]}
    if is_instance(value):
        fields = {name: encode(field) for name, field in fields_of(value).items()}
        return {"$object": [class_path(kind), fields]}
    if isinstance(value, tuple):
        return {"$tuple": [encode(item) for item in value]}
    if isinstance(value, (set, frozenset)):
        name = "$frozenset" if isinstance(value, frozenset) else "$set"
        return {name: [encode(item) for item in value]}
    if isinstance(value, dict):
        tagged = len(value) == 1 and str(next(iter(value))).startswith("$")
        if not tagged and all(type(key) is str for key in value):
            return {key: encode(item) for key, item in value.items()}
        return {"$dict": [[encode(key), encode(item)] for key, item in value.items()]}
    raise TypeError(f"a {kind.__name__} cannot be stored")


def decode(value):
    """The value of its JSON, see encode()."""
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (name, content), = value.items()
        if name in _FROM_TEXT:
            return _FROM_TEXT[name](content)
        if name == "$tuple":
            return tuple(decode(item) for item in content)
        if name == "$set":
            return {decode(item) for item in content}
        if name == "$frozenset":
            return frozenset(decode(item) for item in content)
        if name == "$dict":
            return {decode(key): decode(item) for key, item in content}
        if name == "$enum":
            return load_class(content[0])[content[1]]
        if name == "$object":
            fields = {field: decode(item) for field, item in content[1].items()}
            return build(load_class(content[0]), fields)
    return {key: decode(item) for key, item in value.items()}


_TEXTS = {
    Decimal: ("$decimal", str, Decimal),
    dt.datetime: ("$datetime", dt.datetime.isoformat, dt.datetime.fromisoformat),
    dt.date: ("$date", dt.date.isoformat, dt.date.fromisoformat),
    dt.time: ("$time", dt.time.isoformat, dt.time.fromisoformat),
    dt.timedelta: ("$timedelta", lambda value: value // dt.timedelta(microseconds=1),
                   lambda count: dt.timedelta(microseconds=count)),
    UUID: ("$uuid", str, UUID),
    bytes: ("$bytes", bytes.hex, bytes.fromhex),
}
_FROM_TEXT = {"$float": float, **{name: read for name, _, read in _TEXTS.values()}}


class Document(TypeDecorator):
    """Any value in a JSON column."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else encode(value)

    def process_result_value(self, value, dialect):
        return None if value is None else decode(value)

    def compare_values(self, x, y):
        """Whether nothing has to be written: objects may be equal by their ids alone, and 1 equals True."""
        return x is y
