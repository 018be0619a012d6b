def marshal(data: Any, fields: Any, envelope: Optional[str] = None, skip_none: bool = False, **options: Any) -> Any:
    """The fields that are asked for, in their order."""
    fields = getattr(fields, "resolved", fields)
    if isinstance(data, (list, tuple)):
        found: Any = [marshal(one, fields, skip_none=skip_none) for one in data]
    else:
        found = {
            name: marshal(data, field, skip_none=skip_none) if isinstance(field, dict) else _made(field).output(name, data)
            for name, field in fields.items()
        }
        if skip_none:
            found = {name: value for name, value in found.items() if value is not None and value != {}}
    return {envelope: found} if envelope else found


def marshal_with(fields: Any, envelope: Optional[str] = None, skip_none: bool = False, **options: Any) -> Callable[[Any], Any]:
    return _changed(lambda data: marshal(data, fields, envelope, skip_none))


def marshal_with_field(field: Any) -> Callable[[Any], Any]:
    return _changed(_made(field).format)


class SchemaModel:
    """What a client may send, as a JSON Schema."""

    def __init__(self, name: str, schema: Any = None) -> None:
        self.name, self._schema = name, schema or {}

    def schema(self) -> Dict[str, Any]:
        return self._schema

    def validate(self, data: Any) -> None:
        errors = {}
        for path, message in _violations(data, self.schema(), ()):
            errors[".".join(str(part) for part in path)] = message
        if errors:
            abort(400, "Input payload validation failed", errors=errors)


class Model(SchemaModel, Dict[str, Any]):
    """Fields by their names: how answers are written, and what a client may send."""

    def __init__(self, name: str, fields: Any = (), strict: bool = False, **documentation: Any) -> None:
        dict.__init__(self, fields)
        self.name, self.strict = name, strict
        self.parents: List[Any] = []
        self.clone = lambda name, *parts: Model.clone(name, self, *parts)  # type: ignore[method-assign]
        self.inherit = lambda name, *parts: Model.inherit(name, self, *parts)  # type: ignore[method-assign]

    @classmethod
    def clone(cls, name: str, *parts: Any) -> "Model":
        found: Dict[str, Any] = {}
        for part in parts:
            found.update(copy.deepcopy(dict(part)))
        return cls(name, found)

    @classmethod
    def inherit(cls, name: str, *parts: Any) -> "Model":
        model = cls(name, parts[-1])
        model.parents = list(parts[:-1])
        return model

    @property
    def resolved(self) -> Dict[str, Any]:
        found = dict(self)
        for parent in self.parents:
            found.update(parent.resolved)
        for field in found.values():
            if getattr(field, "discriminator", None):
                field.default = self.name
        return found

    def schema(self) -> Dict[str, Any]:
        made = {name: Nested(field) if isinstance(field, dict) else _made(field) for name, field in self.items()}
        own: Dict[str, Any] = {}
        required = sorted(name for name, field in made.items() if field.required)
        if required:
            own["required"] = required
        own.update(properties={name: field.schema() for name, field in made.items()}, type="object")
        if self.strict:
            own["additionalProperties"] = False
        return {"allOf": [*({"model": parent} for parent in self.parents), own]} if self.parents else own


_TYPES: Dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def _has_type(value: Any, kind: str) -> bool:
    if kind in ("integer", "number"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return kind == "number" or isinstance(value, int) or value.is_integer()
    return isinstance(value, _TYPES[kind])


def _violations(data: Any, schema: Dict[str, Any], path: Any) -> Any:
    """Everything in which data is not as a schema says: (path, message)."""
    number = isinstance(data, (int, float)) and not isinstance(data, bool)
    for word, given in schema.items():
        size = len(data) if isinstance(data, {"Length": str, "Items": list}.get(word[3:], ())) else None
        if word == "model":
            yield from _violations(data, given.schema() if hasattr(given, "schema") else Model("", given).schema(), path)
        elif word == "allOf":
            for part in given:
                yield from _violations(data, part, path)
        elif word == "anyOf" and all(list(_violations(data, part, path)) for part in given):
            yield path, f"{data!r} is not valid under any of the given schemas"
        elif word == "type":
            kinds = given if isinstance(given, list) else [given]
            if not any(_has_type(data, kind) for kind in kinds):
                yield path, f"{data!r} is not of type {', '.join(map(repr, kinds))}"
        elif word == "enum" and data not in list(given):
            yield path, f"{data!r} is not one of {given!r}"
        elif size is not None and word.startswith("min") and size < given:
            yield path, f"{data!r} " + ("should be non-empty" if given == 1 else "is too short")
        elif size is not None and word.startswith("max") and size > given:
            yield path, f"{data!r} " + ("is expected to be empty" if given == 0 else "is too long")
        elif word == "pattern" and isinstance(data, str) and not re.search(given, data):
            yield path, f"{data!r} does not match {given!r}"
        elif word == "minimum" and number and data < given:
            yield path, f"{data!r} is less than the minimum of {given!r}"
        elif word == "maximum" and number and data > given:
            yield path, f"{data!r} is greater than the maximum of {given!r}"
        elif word == "exclusiveMinimum" and number and data <= given:
            yield path, f"{data!r} is less than or equal to the minimum of {given!r}"
        elif word == "exclusiveMaximum" and number and data >= given:
            yield path, f"{data!r} is greater than or equal to the maximum of {given!r}"
        elif word == "multipleOf" and number and (data % given if isinstance(given, int) else (data / given) % 1):
            yield path, f"{data!r} is not a multiple of {given!r}"
        elif word == "uniqueItems" and given and isinstance(data, list) and any(item in data[:at] for at, item in enumerate(data)):
            yield path, f"{data!r} has non-unique elements"
        elif word == "items" and isinstance(data, list):
            for at, item in enumerate(data):
                yield from _violations(item, given, (*path, at))
        elif word == "required" and isinstance(data, dict):
            for name in given:
                if name not in data:
                    yield (*path, name), f"{name!r} is a required property"
        elif word == "properties" and isinstance(data, dict):
            for name, part in given.items():
                if name in data:
                    yield from _violations(data[name], part, (*path, name))
        elif word == "additionalProperties" and given is False and isinstance(data, dict):
            extra = sorted((repr(name) for name in data if name not in schema.get("properties", {})), key=str)
            if extra:
                verb = "was" if len(extra) == 1 else "were"
                yield path, f"Additional properties are not allowed ({', '.join(extra)} {verb} unexpected)"
