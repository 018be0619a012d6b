def is_any_moment(value):
    return type(value) is dt.datetime
