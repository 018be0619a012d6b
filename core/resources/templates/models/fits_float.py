def is_float(value):
    return type(value) is float and math.isfinite(value)
