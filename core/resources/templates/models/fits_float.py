def is_float(value):
    """Floats that every database can hold: finite, no negative zero."""
    return type(value) is float and math.isfinite(value) and repr(value) != "-0.0"
