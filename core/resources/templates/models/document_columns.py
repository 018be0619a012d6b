@compiles(JSON, "sqlite")
def document_in_sqlite(element, compiler, **options):
    """Texts: a column that is called JSON would make floats of the numbers in it."""
    return "TEXT"


@compiles(JSON, "mysql", "mariadb")
def document_in_mysql(element, compiler, **options):
    """Texts: MySQL's own JSON sorts keys."""
    return "LONGTEXT"
