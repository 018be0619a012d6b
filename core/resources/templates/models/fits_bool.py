def is_bool(value):
    return type(value) is bool
