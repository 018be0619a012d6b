import functools
import inspect
import typing
from collections import deque
from copy import deepcopy
from typing import Annotated, Any, Callable, Dict, List, Optional, Tuple, Union

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic import Field as Rules
from starlette.datastructures import UploadFile

from covetpy import Depends
from covetpy.exceptions import RequestValidationError
from covetpy.types import Request

_RULES = {"gt", "ge", "lt", "le", "multiple_of", "min_length", "max_length", "pattern", "strict", "allow_inf_nan"}


class Field:
    """Marks a parameter whose value is a field of a form, an uploaded file or a cookie."""

    place = "body"

    def __init__(
        self, default: Any = ..., *, default_factory: Any = None, alias: Optional[str] = None, **rules: Any
    ) -> None:
        self.default, self.factory, self.alias = default, default_factory, alias
        if rules.get("regex"):
            rules["pattern"] = rules["regex"]
        self.rules = {name: rule for name, rule in rules.items() if name in _RULES and rule is not None}


class Form(Field):
    pass


class File(Field):
    pass


class Cookie(Field):
    place = "cookie"


class _Taken:
    """One marked parameter of a function."""

    def __init__(self, name: str, mark: Field, kind: Any, default: Any) -> None:
        self.name, self.mark, self.kind, self.alias = name, mark, kind, mark.alias or name
        self.default = mark.default if default is ... else default
        kinds = {kind, *typing.get_args(kind)} if typing.get_origin(kind) is Union or _is_new_union(kind) else {kind}
        self.many = any(_is_sequence(one) for one in kinds)
        inner = kinds | {part for one in kinds for part in typing.get_args(one)}
        self.is_upload = UploadFile in inner
        self.is_bytes = isinstance(mark, File) and bytes in inner
        self.adapter = None if self.is_upload else TypeAdapter(Annotated[kind, Rules(**mark.rules)])

    async def read(self, given: Any) -> Tuple[Any, List[Dict[str, Any]]]:
        raw = given.getlist(self.alias) if self.many and hasattr(given, "getlist") else given.get(self.alias)
        place = (self.mark.place, self.alias)
        # FastAPI takes an empty text for no value where there is a default, and for itself where there is none.
        defaults = self.mark.factory is not None or self.default not in (None, ...)
        if raw is None or (self.many and not raw) or (raw == "" and isinstance(self.mark, Form) and defaults):
            if self.mark.factory is not None:
                return self.mark.factory(), []
            if self.default is ...:
                return None, [{"type": "missing", "loc": place, "msg": "Field required", "input": None}]
            return deepcopy(self.default), []
        if self.is_bytes:
            raw = [await _content(one) for one in raw] if self.many else await _content(raw)
        if self.adapter is None:
            wrong = [one for one in (raw if self.many else [raw]) if not isinstance(one, UploadFile)]
            return raw, [_no_upload(place, one) for one in wrong]
        try:
            return self.adapter.validate_python(raw), []
        except ValidationError as error:
            return None, [{**one, "loc": (*place, *one["loc"])} for one in error.errors(include_url=False)]


class _TakenModel:
    """A marked parameter whose model names the fields: ``form: Annotated[Login, Form()]``."""

    def __init__(self, name: str, mark: Field, kind: Any) -> None:
        self.name, self.mark, self.kind = name, mark, kind
        self.adapter = TypeAdapter(kind)

    async def read(self, given: Any) -> Tuple[Any, List[Dict[str, Any]]]:
        values, known = {}, set()
        for name, field in self.kind.model_fields.items():
            alias = field.alias or name
            known.add(alias)
            many = _is_sequence(field.annotation)
            raw = given.getlist(alias) if many and hasattr(given, "getlist") else given.get(alias)
            if raw is None or (many and not raw):
                raw = None if field.is_required() else field.get_default(call_default_factory=True)
            if raw is not None:
                values[alias if self.mark.place == "body" else name] = raw
        values.update((key, value) for key, value in given.items() if key not in known)
        try:
            return self.adapter.validate_python(values), []
        except ValidationError as error:
            return None, [{**one, "loc": (self.mark.place, *one["loc"])} for one in error.errors(include_url=False)]


def with_fields(function: Callable[..., Any]) -> Any:
    """Gives a function the values of its marked parameters; other code calls it as it is."""
    own = inspect.signature(function)
    taken = _taken(function, own)
    hidden = "fields_"
    while hidden in own.parameters:
        hidden += "_"

    async def read_fields(request: Request) -> Dict[str, Any]:
        full = full_request(request)
        form = await full.form() if any(field.mark.place == "body" for field in taken) else None
        values, errors = {}, []
        for field in taken:
            value, wrong = await field.read(full.cookies if field.mark.place == "cookie" else form)
            values[field.name] = value
            errors.extend(wrong)
        if errors:
            raise RequestValidationError(errors, body=form)
        return values

    wrapper: Callable[..., Any]
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            values = kwargs.pop(hidden, {})
            return await function(*args, **kwargs, **values)

    else:

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            values = kwargs.pop(hidden, {})
            return function(*args, **kwargs, **values)

    names = {field.name for field in taken}
    rest = [p for p in own.parameters.values() if p.name not in names]
    kept = [p if p.name in ("self", "cls") else p.replace(kind=p.KEYWORD_ONLY) for p in rest]
    added = inspect.Parameter(hidden, inspect.Parameter.KEYWORD_ONLY, annotation=Any, default=Depends(read_fields))
    wrapper.__signature__ = own.replace(parameters=[*kept, added])  # type: ignore[attr-defined]
    return wrapper


def _taken(function: Callable[..., Any], own: inspect.Signature) -> List[Union[_Taken, _TakenModel]]:
    try:
        hints = typing.get_type_hints(function, include_extras=True)
    except Exception:  # names that exist only for type checkers
        hints = {}
    found: List[_Taken] = []
    for name, parameter in own.parameters.items():
        kind = hints.get(name, parameter.annotation)
        kind = Any if kind is parameter.empty else kind
        default = ... if parameter.default is parameter.empty else parameter.default
        marks = [part for part in getattr(kind, "__metadata__", ()) if isinstance(part, Field)]
        plain = typing.get_args(kind)[0] if marks else kind
        if isinstance(default, Field):
            found.append(_Taken(name, default, plain, ...))
        elif marks:
            found.append(_Taken(name, marks[0], plain, default))
        elif plain is UploadFile or UploadFile in typing.get_args(plain):
            found.append(_Taken(name, File(), plain, default))
    # One model alone of a form or of the cookies stands for their fields.
    return [
        _TakenModel(one.name, one.mark, one.kind)
        if isinstance(one.kind, type)
        and issubclass(one.kind, BaseModel)
        and sum(other.mark.place == one.mark.place for other in found) == 1
        else one
        for one in found
    ]


async def _content(value: Any) -> Any:
    return await value.read() if isinstance(value, UploadFile) else value


def _is_new_union(kind: Any) -> bool:
    return type(kind).__name__ == "UnionType"


def _is_sequence(kind: Any) -> bool:
    kind = typing.get_origin(kind) or kind
    return isinstance(kind, type) and issubclass(kind, (list, tuple, set, frozenset, deque))


def _no_upload(place: Tuple[str, str], value: Any) -> Dict[str, Any]:
    told = f"Value error, Expected UploadFile, received: {type(value)}"
    return {"type": "value_error", "loc": place, "msg": told, "input": value, "ctx": {"error": {}}}
