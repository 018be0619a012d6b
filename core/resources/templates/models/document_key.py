class DocumentKey(TypeDecorator):
    """Keys of any type, as JSON texts: 1 and "1" stay two keys."""

    impl = String(255)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else json.dumps(encode(value))

    def process_result_value(self, value, dialect):
        return None if value is None else decode(json.loads(value))
