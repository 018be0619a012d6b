"""Prints what a database says about the tables of the application, as JSON: catalogue.py URL. Tables that the
program or Alembic keep for themselves are left out."""
import json
import sys

from sqlalchemy import create_engine, text

OWN = ("alembic_version", "covet_migrations", "covet_routes", "sqlite_sequence")
engine = create_engine(sys.argv[1])


def rows(statement, **values):
    with engine.connect() as connection:
        return [list(map(str, row)) for row in connection.execute(text(statement), values)]


def sqlite(name):
    [[sql]] = rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name", name=name)
    indexes = rows("SELECT l.name, l.\"unique\", l.origin, i.name FROM pragma_index_list(:name) l, pragma_index_info(l.name) i ORDER BY 1, i.seqno", name=name)
    return {
        "columns": rows("SELECT * FROM pragma_table_xinfo(:name)", name=name),
        "foreign keys": rows("SELECT * FROM pragma_foreign_key_list(:name)", name=name),
        "indexes": indexes,
        "strict": sql.rstrip().endswith("STRICT"),
        "constraints": sorted(word.strip('"') for before, word in zip(sql.split(), sql.split()[1:]) if before == "CONSTRAINT"),
        "autoincrement": "AUTOINCREMENT" in sql,
    }


def postgresql(name):
    return {
        "columns": rows("""SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision,
            is_nullable, column_default, is_identity, identity_generation, identity_start, collation_name
            FROM information_schema.columns WHERE table_schema = 'public' AND table_name = :name ORDER BY ordinal_position""", name=name),
        "constraints": rows("""SELECT conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
            WHERE conrelid = CAST(quote_ident(:name) AS regclass) ORDER BY 1""", name=name),
        "indexes": rows("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = :name ORDER BY 1", name=name),
    }


def mysql(name):
    # MariaDB says so of keys that were added later; to it, it is RESTRICT.
    return rows(f"SHOW CREATE TABLE `{name}`")[0][1].replace(" ON DELETE NO ACTION", "").replace(" ON UPDATE NO ACTION", "")


NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "mysql": "SELECT table_name FROM information_schema.tables WHERE table_schema = database()",
}
kind = engine.dialect.name
describe = {"sqlite": sqlite, "postgresql": postgresql, "mysql": mysql}[kind]
print(json.dumps({name: describe(name) for [name] in sorted(rows(NAMES[kind])) if name not in OWN}, indent=1))
