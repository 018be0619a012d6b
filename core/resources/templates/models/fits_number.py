def is_number(value):
    """Ints, and floats that every database can hold."""
    return type(value) in (int, float) and abs(value) < 2**1023
