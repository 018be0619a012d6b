class ExactDecimal(TypeDecorator):
    """Decimals with all their digits: numeric in PostgreSQL, texts where that would round."""

    impl = Numeric
    cache_ok = True

    def __init__(self, precision=None, scale=None):
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    def _is_text(self, dialect):
        return dialect.name == "sqlite" or (dialect.name != "postgresql" and self.precision is None)

    def load_dialect_impl(self, dialect):
        exact = String(255) if self._is_text(dialect) else Numeric(self.precision, self.scale)
        return dialect.type_descriptor(exact)

    def process_bind_param(self, value, dialect):
        return str(value) if value is not None and self._is_text(dialect) else value

    def process_result_value(self, value, dialect):
        return None if value is None else Decimal(value)

    def compare_values(self, x, y):
        return str(x) == str(y)  # 1.0 and 1.00 are equal
