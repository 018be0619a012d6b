def is_moment(value):
    return type(value) is dt.datetime and value.tzinfo is None
