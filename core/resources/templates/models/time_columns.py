@compiles(Time, "mysql", "mariadb")
def time_in_mysql(element, compiler, **options):
    """With microseconds, which MySQL drops otherwise."""
    return "TIME(6)"
