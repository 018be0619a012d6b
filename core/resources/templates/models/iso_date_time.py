class IsoDateTime(TypeDecorator):
    """Moments with any time zone or none, as ISO 8601 texts."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else value.isoformat()

    def process_result_value(self, value, dialect):
        return None if value is None else dt.datetime.fromisoformat(value)

    def compare_values(self, x, y):
        return x is y  # one moment has several offsets
