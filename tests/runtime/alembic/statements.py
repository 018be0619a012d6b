"""Runs a script of statements: statements.py URL FILE."""
import sys
from pathlib import Path

from sqlalchemy import create_engine

script = Path(sys.argv[2]).read_text()
with create_engine(sys.argv[1]).begin() as connection:
    for statement in script.split(";\n"):
        if statement.strip():
            connection.exec_driver_sql(statement.replace("%", "%%") if connection.dialect.name != "sqlite" else statement)
