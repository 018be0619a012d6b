def is_decimal(value):
    return type(value) is Decimal
