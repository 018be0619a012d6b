def is_bigint(value):
    return type(value) is int and -2**63 <= value < 2**63
