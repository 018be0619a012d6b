def is_uuid_text(value):
    """UUIDs as texts, in the one form in which they come back."""
    try:
        return type(value) is str and str(UUID(value)) == value
    except ValueError:
        return False
