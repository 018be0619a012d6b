@compiles(DateTime, "mysql", "mariadb")
def moment_in_mysql(element, compiler, **options):
    """With microseconds, which MySQL drops otherwise."""
    return "DATETIME(6)"
