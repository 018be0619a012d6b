def is_bytes(value):
    return type(value) is bytes
