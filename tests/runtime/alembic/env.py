"""As `alembic init` makes it, shortened: one database, named by the environment."""
import os

from alembic import context
from sqlalchemy import NullPool, create_engine

engine = create_engine(os.environ["ALEMBIC_URL"], poolclass=NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
