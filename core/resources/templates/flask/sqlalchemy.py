"""Models, sessions and queries under the names that Flask-SQLAlchemy has for them, on SQLAlchemy alone.

A session belongs to the request in progress, or to the application's context around the code, and is closed with it.
It waits for the database where it stands: other requests go on only in other threads and processes.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional

import sqlalchemy
import sqlalchemy.event
import sqlalchemy.exc
import sqlalchemy.orm
from sqlalchemy.pool import StaticPool

from covet_flask import (
    HTTPError, _at_context_end, _globals, app_settings, current_application, current_request, has_app_context, has_request_context,
)  # fmt: skip

__all__ = ["SQLAlchemy"]

_MOST_PER_PAGE = 100


def _found(row: Any, description: Any = None) -> Any:
    if row is None:
        raise HTTPError(404, description) if description else HTTPError(404)
    return row


def _only(read: Any, description: Any = None) -> Any:
    try:
        return read()
    except (sqlalchemy.exc.NoResultFound, sqlalchemy.exc.MultipleResultsFound):
        return _found(None, description)


def _asked(name: str, given: Any, otherwise: int, strict: bool) -> int:
    """A number of a page that the code gives, or the query of the request."""
    if given is not None:
        return int(given)
    if not has_request_context():
        return otherwise
    try:
        return int(current_request.args.get(name, otherwise))
    except (TypeError, ValueError):
        _found(None if strict else otherwise)
        return otherwise


class Pagination:
    """Some rows of a query, and where they stand among all of them."""

    def __init__(self, rows: Any, count: Any, page: Any, per_page: Any, max_per_page: Any, error_out: bool) -> None:
        self._again = rows, count, max_per_page, error_out
        self.page, self.max_per_page = _asked("page", page, 1, error_out), max_per_page
        self.per_page = _asked("per_page", per_page, 20, error_out)
        if max_per_page is not None:
            self.per_page = min(self.per_page, max_per_page)
        for name, least, otherwise in (("page", 1, 1), ("per_page", 1, 20)):
            if getattr(self, name) < least:
                _found(None if error_out else otherwise)
                setattr(self, name, otherwise)
        self.items: List[Any] = rows(self.per_page, (self.page - 1) * self.per_page)
        if not self.items and self.page != 1 and error_out:
            _found(None)
        self.total: Optional[int] = count() if count else None

    @property
    def pages(self) -> int:
        return -(-self.total // self.per_page) if self.total else 0

    @property
    def has_prev(self) -> bool:
        return self.page > 1

    @property
    def has_next(self) -> bool:
        return self.page < self.pages

    @property
    def prev_num(self) -> Optional[int]:
        return self.page - 1 if self.has_prev else None

    @property
    def next_num(self) -> Optional[int]:
        return self.page + 1 if self.has_next else None

    @property
    def first(self) -> int:
        return (self.page - 1) * self.per_page + 1 if self.items else 0

    @property
    def last(self) -> int:
        return max(self.first, self.first + len(self.items) - 1)

    def _at(self, page: int, error_out: bool) -> Pagination:
        rows, count, most, _ = self._again
        return Pagination(rows, count, page, self.per_page, most, error_out)

    def prev(self, error_out: bool = False) -> Pagination:
        return self._at(self.page - 1, error_out)

    def next(self, error_out: bool = False) -> Pagination:
        return self._at(self.page + 1, error_out)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def iter_pages(self, *, left_edge: int = 2, left_current: int = 2, right_current: int = 4, right_edge: int = 2) -> Iterator[Optional[int]]:
        """Numbers for links to pages; None stands for those that are left out."""
        end = self.pages + 1
        edge = min(left_edge + 1, end)
        yield from range(1, edge)
        if edge == end:
            return
        start, stop = max(edge, self.page - left_current), min(self.page + right_current + 1, end)
        if start > edge:
            yield None
        yield from range(start, stop)
        if stop == end:
            return
        tail = max(stop, end - right_edge)
        if tail > stop:
            yield None
        yield from range(tail, end)


class Query(sqlalchemy.orm.Query):  # type: ignore[type-arg]
    """`Product.query`"""

    def get_or_404(self, ident: Any, description: Any = None) -> Any:
        return _found(self.get(ident), description)

    def first_or_404(self, description: Any = None) -> Any:
        return _found(self.first(), description)

    def one_or_404(self, description: Any = None) -> Any:
        return _only(self.one, description)

    def paginate(self, page: Any = None, per_page: Any = None, error_out: bool = True, max_per_page: Any = _MOST_PER_PAGE, count: bool = True) -> Pagination:
        return Pagination(
            lambda limit, offset: self.limit(limit).offset(offset).all(),
            self.order_by(None).count if count else None,
            page, per_page, max_per_page, error_out,
        )  # fmt: skip


class _QueryOfModel:
    def __get__(self, row: Any, model: Any) -> Any:
        return model.query_class(model, session=model._database.session())


class Model:
    """What all models have."""

    _database: Any = None
    query_class = Query
    query = _QueryOfModel()

    def __init_subclass__(cls, **options: Any) -> None:
        own = vars(cls)
        if not own.get("__abstract__") and "__table__" not in own and not _is_named(cls):
            cls.__tablename__ = re.sub("(?<=[a-z0-9])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])", "_", cls.__name__).lower()  # type: ignore[attr-defined]
        super().__init_subclass__(**options)

    def __repr__(self) -> str:
        state = sqlalchemy.inspect(self)
        if state.transient:
            key = f"(transient {id(self)})"
        elif state.pending:
            key = f"(pending {id(self)})"
        else:
            key = ", ".join(map(str, state.identity))
        return f"<{type(self).__name__} {key}>"


def _is_named(model: Any) -> bool:
    """Whether the table of a model has a name, or is that of the model above it."""
    above = [base for base in model.__mro__ if "__mapper__" in vars(base)]
    mixed = [base for base in model.__mro__ if base not in above and not any(issubclass(one, base) for one in above)]
    if any("__tablename__" in vars(base) for base in mixed):
        return True
    keys = [value for base in mixed for value in vars(base).values() if getattr(getattr(value, "column", value), "primary_key", False) is True]
    return bool(above) and not keys


class SQLAlchemy:
    """The database of an application: what models are made of, and the session of the request in progress."""

    Query = Query

    def __init__(
        self, app: Any = None, *, metadata: Any = None, session_options: Any = None, query_class: Any = Query, model_class: Any = None,
        engine_options: Any = None, add_models_to_shell: bool = True, disable_autonaming: bool = False,
    ) -> None:  # fmt: skip
        self.Query = query_class
        self._engine_options: Dict[str, Any] = dict(engine_options or {})
        self._engines: Dict[Any, Any] = {}
        self._last: Any = None
        self.Model = self._base(model_class, metadata)
        options = {"class_": self._session_class(), "query_cls": query_class, **(session_options or {})}
        scope = options.pop("scopefunc", _scope)
        self.session: Any = sqlalchemy.orm.scoped_session(sqlalchemy.orm.sessionmaker(**options), scope)
        _at_context_end.append(self.session.remove)
        if app is not None:
            self.init_app(app)

    def _base(self, model_class: Any, metadata: Any) -> Any:
        names = {"_database": self, "query_class": self.Query}
        if isinstance(model_class, type) and issubclass(model_class, (sqlalchemy.orm.DeclarativeBase, sqlalchemy.orm.DeclarativeBaseNoMeta)):
            return type(model_class.__name__, (Model, model_class), {**names, "__abstract__": True})
        bases = (Model,) if model_class is None or model_class is Model else (model_class, Model)
        return sqlalchemy.orm.declarative_base(cls=type("Model", bases, {**names, "__abstract__": True}), metadata=metadata, name="Model")

    def _session_class(self) -> Any:
        database = self

        class Session(sqlalchemy.orm.Session):
            def get_bind(self, *given: Any, **options: Any) -> Any:
                return self.bind or database.engine

        return Session

    def init_app(self, app: Any) -> None:
        if not app_settings(app).get("SQLALCHEMY_DATABASE_URI"):
            raise RuntimeError("SQLALCHEMY_DATABASE_URI must be set before the application is given to SQLAlchemy")
        self._last = app

    @property
    def engine(self) -> Any:
        app = current_application() if has_app_context() else self._last
        if app not in self._engines:
            self._engines[app] = self._make_engine(app_settings(app))
        return self._engines[app]

    def _make_engine(self, settings: Any) -> Any:
        url = sqlalchemy.engine.make_url(settings["SQLALCHEMY_DATABASE_URI"])
        options = {**self._engine_options, **(settings.get("SQLALCHEMY_ENGINE_OPTIONS") or {})}
        if settings.get("SQLALCHEMY_ECHO"):
            options.setdefault("echo", True)
        if url.get_backend_name() == "sqlite":
            if url.database in (None, "", ":memory:"):
                options.setdefault("poolclass", StaticPool)
                options["connect_args"] = {"check_same_thread": False, **options.get("connect_args", {})}
            elif not url.database.startswith("file:") and not Path(url.database).is_absolute():
                url = url.set(database=str(_data_file(url.database)))
        return sqlalchemy.create_engine(url, **options)

    @property
    def metadata(self) -> Any:
        return self.Model.metadata

    def create_all(self, bind_key: Any = None, app: Any = None) -> None:
        self.metadata.create_all(self.engine)

    def drop_all(self, bind_key: Any = None, app: Any = None) -> None:
        self.metadata.drop_all(self.engine)

    def reflect(self) -> None:
        self.metadata.reflect(self.engine)

    def get_or_404(self, entity: Any, ident: Any, *, description: Any = None, **options: Any) -> Any:
        return _found(self.session.get(entity, ident, **options), description)

    def first_or_404(self, statement: Any, *, description: Any = None) -> Any:
        return _found(self.session.execute(statement).scalar(), description)

    def one_or_404(self, statement: Any, *, description: Any = None) -> Any:
        return _only(self.session.execute(statement).scalar_one, description)

    def paginate(
        self, select: Any, *, page: Any = None, per_page: Any = None, max_per_page: Any = _MOST_PER_PAGE, error_out: bool = True, count: bool = True,
    ) -> Pagination:  # fmt: skip
        def total() -> int:
            inner = select.options(sqlalchemy.orm.lazyload("*")).order_by(None).subquery()
            return int(self.session.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(inner)).scalar())

        return Pagination(
            lambda limit, offset: list(self.session.execute(select.limit(limit).offset(offset)).unique().scalars()),
            total if count else None,
            page, per_page, max_per_page, error_out,
        )  # fmt: skip

    def Table(self, name: str, *parts: Any, **options: Any) -> Any:
        metadata = () if parts and isinstance(parts[0], sqlalchemy.MetaData) else (self.metadata,)
        return sqlalchemy.Table(name, *metadata, *parts, **options)

    def _with_query_class(self, options: Dict[str, Any]) -> Dict[str, Any]:
        options.setdefault("query_class", self.Query)
        back = options.get("backref")
        if back is not None:
            name, inner = (back, {}) if isinstance(back, str) else back
            options["backref"] = name, {"query_class": self.Query, **inner}
        return options

    def relationship(self, *given: Any, **options: Any) -> Any:
        return sqlalchemy.orm.relationship(*given, **self._with_query_class(options))

    def dynamic_loader(self, argument: Any, **options: Any) -> Any:
        return sqlalchemy.orm.dynamic_loader(argument, **self._with_query_class(options))

    def __getattr__(self, name: str) -> Any:
        for home in (sqlalchemy, sqlalchemy.orm):
            if not name.startswith("_") and hasattr(home, name):
                return getattr(home, name)
        raise AttributeError(name)


def _scope() -> int:
    """What a session belongs to."""
    kept = _globals.get(None)
    return threading.get_ident() if kept is None else id(kept)


def _data_file(path: str) -> Path:
    """Files of SQLite lie in the instance folder of the application, or where older releases had them: beside it."""
    beside = instance = Path(__file__).resolve().parent
    while (instance / "__init__.py").exists():
        instance = instance.parent
    instance = instance / "instance"
    if (beside / path).exists() and not (instance / path).exists():
        return beside / path
    (instance / path).parent.mkdir(parents=True, exist_ok=True)
    return instance / path
