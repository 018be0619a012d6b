def is_str(value):
    """Texts that every database can hold: no NUL, no lone surrogates."""
    return type(value) is str and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)
