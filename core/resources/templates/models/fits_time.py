def is_time(value):
    return type(value) is dt.time and value.tzinfo is None
