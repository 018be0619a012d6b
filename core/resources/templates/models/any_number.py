class AnyNumber(TypeDecorator):
    """Ints and floats that stay what they are: numeric in PostgreSQL, whose scale tells them apart, texts elsewhere."""

    impl = Numeric
    cache_ok = True
    python_type = float

    def load_dialect_impl(self, dialect):
        return dialect.type_descriptor(Numeric() if dialect.name == "postgresql" else String(255))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        digits = str(value)
        if type(value) is not int and dialect.name == "postgresql":
            digits = format(Decimal(repr(float(value))), "f")
            digits += "" if "." in digits else ".0"
        return Decimal(digits) if dialect.name == "postgresql" else digits

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        if isinstance(value, str):
            return float(value) if set(value) & set(".e") else int(value)
        return float(value) if value.as_tuple().exponent < 0 else int(value)

    def compare_values(self, x, y):
        return type(x) is type(y) and x == y
