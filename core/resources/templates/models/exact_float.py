class ExactFloat(TypeDecorator):
    """Floats of a fixed scale as exact numbers: the database adds and compares them without rounding."""

    impl = Numeric
    cache_ok = True

    def __init__(self, precision, scale):
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale

    def load_dialect_impl(self, dialect):
        is_text = dialect.name == "sqlite"
        return dialect.type_descriptor(String(255) if is_text else Numeric(self.precision, self.scale))

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        number = Decimal(repr(float(value)))
        if number != round(number, self.scale):
            raise ValueError(f"{value!r} has more than {self.scale} digits after the point")
        return repr(float(value)) if dialect.name == "sqlite" else number

    def process_result_value(self, value, dialect):
        return None if value is None else float(value)
