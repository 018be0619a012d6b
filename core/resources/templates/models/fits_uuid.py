def is_uuid(value):
    return type(value) is UUID
