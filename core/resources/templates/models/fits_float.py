def is_float(value):
    """Floats that every database can hold: finite, no negative zero."""
    return type(value) is float and math.isfinite(value) and repr(value) != "-0.0"


def is_near(value):
    """Numbers that equal one of those floats: ints and negative zero."""
    return type(value) in (int, float) and abs(value) < 2**1023 and float(value) == value
