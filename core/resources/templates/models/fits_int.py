def is_int(value):
    return type(value) is int and -2**31 <= value < 2**31
