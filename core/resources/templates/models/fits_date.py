def is_date(value):
    return type(value) is dt.date
