# shellcheck shell=sh disable=SC2034 # read by environment.sh and python
# What the environment holds, as Debian 13 packages and as wheels of the same releases, and where it is.
# The folders are named after their content, so that checkouts which need different ones can coexist.
cache=${COVET_CACHE:-${HOME:-/tmp}/.cache/covetpy-migrate}
packages=python3-fastapi,python3-starlette,python3-sqlalchemy,python3-alembic,python3-aiosqlite,python3-asyncpg,python3-aiomysql,python3-psycopg2,python3-pymysql,python3-uvicorn,python3-httpx,python3-flask,python3-flask-restful,python3-flask-cors,python3-flask-login,python3-flask-sqlalchemy,python3-flask-migrate,python3-flask-bcrypt,python3-flask-httpauth,python3-jwt,python3-marshmallow,python3-pydantic,python3-greenlet,python3-python-multipart,ca-certificates
wheels="fastapi>=0.115,<0.116 sqlalchemy>=2.0,<2.1 alembic>=1.13,<2 aiosqlite>=0.20,<0.22 asyncpg>=0.30,<0.31 aiomysql>=0.2,<0.3 psycopg2-binary>=2.9,<3 pymysql>=1.1,<2 uvicorn>=0.32,<0.33 httpx>=0.28,<0.29 flask>=3.1,<3.2 flask-restful>=0.3.10,<0.4 flask-cors>=6,<7 flask-login>=0.6.3,<0.7 flask-sqlalchemy>=3.1,<3.2 flask-migrate>=4,<5 flask-bcrypt>=1,<2 flask-httpauth>=4.8,<5 pyjwt>=2.10,<3 marshmallow>=3.26,<4 pydantic>=2.10,<2.11 greenlet>=3.1,<4 python-multipart>=0.0.20,<0.1"
venv=$cache/venv-$(printf %s "$wheels" | cksum | cut -d' ' -f1)
system=$cache/trixie-$(printf %s "$packages" | cksum | cut -d' ' -f1)
