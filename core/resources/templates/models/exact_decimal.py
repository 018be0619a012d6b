class ExactDecimal(TypeDecorator):
    """Decimals with all their digits: numeric in PostgreSQL, texts where that would round."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect):
        exact = dialect.name == "postgresql" or (dialect.name != "sqlite" and self.impl.precision)
        return dialect.type_descriptor(self.impl if exact else String(255))

    def process_bind_param(self, value, dialect):
        exact = dialect.name == "postgresql" or (dialect.name != "sqlite" and self.impl.precision)
        return value if exact or value is None else str(value)

    def process_result_value(self, value, dialect):
        return None if value is None else Decimal(value)
