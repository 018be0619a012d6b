def with_members(fields, members):
    """Fields whose columns hold the plain values of enumerations, as the members that they are."""
    for name, path in members.items():
        try:
            fields[name] = load_class(path)(fields[name])
        except (KeyError, ValueError):  # what the application keeps beside them
            pass
    return fields


def without_members(fields, members):
    plain = {name: fields[name].value for name in members if isinstance(fields.get(name), enum.Enum)}
    return {**fields, **plain}
