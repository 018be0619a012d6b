"""CovetPy 1.0, reference runtime.

This package is *not* the CovetPy distribution. It is a small reference implementation of the part of the
CovetPy 1.0 API that migrated applications use, over FastAPI and SQLAlchemy, so that they run today. It was
put beside the application by ``covetpy-migrate run --vendor-runtime``. Once a CovetPy 1.0 is installed,
delete this folder: nothing in the application refers to it except by its public names.

Needs: fastapi, sqlalchemy >= 2.0 with greenlet, and the driver of the database in use
(aiosqlite, asyncpg or aiomysql). Python 3.9 or later.

    from covetpy import CovetApp, Depends, HTTPException
    from covetpy.types import Request, Response
    from covetpy.database import get_database_session
    from covetpy.middleware.base import BaseMiddleware

Modules whose names start with an underscore are not part of the API.
"""

from .app import CovetApp
from .exceptions import HTTPException
from .params import Body, Depends, Header, Path, Query

__version__ = "1.0.0+reference"

__all__ = ["Body", "CovetApp", "Depends", "HTTPException", "Header", "Path", "Query", "__version__"]
