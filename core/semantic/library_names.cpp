#include "semantic/library_names.h"


#include "support/words.h"

namespace covet::semantic {

bool namesLibrary(std::string_view package) {
    // Not all of the standard library: `profile`, `calendar`, `token` and others are names that projects give, too.
    static constexpr Words kNames = {
        "aiohttp",   "alembic",   "anyio",    "bottle",   "celery",    "cherrypy", "django",      "falcon",   "fastapi",
        "flask",     "gunicorn",  "httpx",    "jinja2",   "jwt",       "litestar", "marshmallow", "pydantic", "pymongo",
        "pyramid",   "pytest",    "quart",    "redis",    "requests",  "sanic",    "sqlalchemy",  "sqlmodel", "starlette",
        "tornado",   "uvicorn",   "waitress", "werkzeug", "asyncio",   "collections", "contextlib", "dataclasses", "datetime",
        "decimal",   "enum",      "functools", "http",    "itertools", "json",     "logging",     "math",     "os",
        "pathlib",   "random",    "re",       "socket",   "sqlite3",   "string",   "sys",         "threading", "time",
        "typing",    "unittest",  "uuid"};
    return kNames.count(package) > 0;
}

} // namespace covet::semantic
