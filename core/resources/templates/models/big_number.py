class BigNumber(TypeDecorator):
    """Integers of any size: numeric in PostgreSQL, texts elsewhere."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else String(255))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        return Decimal(value) if dialect.name == "postgresql" else str(value)

    def process_result_value(self, value, dialect):
        return None if value is None else int(value)
