_last_position = 0


def next_position():
    """Where a new row stands: behind all rows before it."""
    global _last_position
    _last_position = max(_last_position + 1, time.time_ns())
    return _last_position
