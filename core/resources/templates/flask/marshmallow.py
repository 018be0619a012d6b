"""Schemas of Marshmallow under the names that Flask-Marshmallow gives them."""

from __future__ import annotations

from typing import Any

import marshmallow
from covet_flask import Response, url_for

try:
    import marshmallow_sqlalchemy as of_models
except ImportError:  # no schema of the application is made of a model
    of_models = None

__all__ = ["Marshmallow"]


class Schema(marshmallow.Schema):
    """A schema whose objects can be answered as JSON."""

    def jsonify(self, obj: Any, many: Any = None, *args: Any, **kwargs: Any) -> Any:
        return Response(data=self.dump(obj, many=self.many if many is None else many))


if of_models is not None:
    def _session_of(options: Any) -> Any:
        database = getattr(options.model, "_database", None)
        return options.sqla_session or (database and database.session)

    # What `load_instance` reads and makes belongs to the session of the model's database, unless the schema names another.

    class _Options(of_models.SQLAlchemySchemaOpts):  # type: ignore[misc]
        def __init__(self, meta: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(meta, *args, **kwargs)
            self.sqla_session = _session_of(self)

    class _AutoOptions(of_models.SQLAlchemyAutoSchemaOpts):  # type: ignore[misc]
        def __init__(self, meta: Any, *args: Any, **kwargs: Any) -> None:
            super().__init__(meta, *args, **kwargs)
            self.sqla_session = _session_of(self)

    class SQLAlchemySchema(of_models.SQLAlchemySchema, Schema):  # type: ignore[misc]
        """A schema that names columns of a model."""

        OPTIONS_CLASS = _Options

    class SQLAlchemyAutoSchema(of_models.SQLAlchemyAutoSchema, Schema):  # type: ignore[misc]
        """A schema with the columns of a model."""

        OPTIONS_CLASS = _AutoOptions


class URLFor(marshmallow.fields.Field):
    """The path of a handler's route, with values of the object in angle brackets."""

    _CHECK_ATTRIBUTE = False

    def __init__(self, endpoint: str, values: Any = None, **options: Any) -> None:
        self.endpoint, self.values = endpoint, values or {}
        super().__init__(dump_only=True, **options)

    def _serialize(self, value: Any, key: Any, obj: Any, **kwargs: Any) -> Any:
        found = {}
        for name, text in self.values.items():
            given = text
            if isinstance(text, str) and text.strip().startswith("<") and text.strip().endswith(">"):
                given = marshmallow.utils.get_value(obj, text.strip()[1:-1].strip())
                if given is None:
                    return None
            found[name] = given
        return url_for(self.endpoint, **found)


class Marshmallow:
    """Schemas and fields of an application."""

    Schema = Schema
    URLFor = UrlFor = URLFor

    def __init__(self, app: Any = None) -> None:
        for name in marshmallow.fields.__all__:
            setattr(self, name, getattr(marshmallow.fields, name))

        if of_models is not None:
            self.SQLAlchemySchema, self.SQLAlchemyAutoSchema = SQLAlchemySchema, SQLAlchemyAutoSchema
            self.auto_field = of_models.auto_field

    def init_app(self, app: Any) -> None:
        """Nothing of it depends on the application."""
