def is_utc(value):
    return type(value) is dt.datetime and value.utcoffset() == dt.timedelta(0)
