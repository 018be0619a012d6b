from calendar import timegm
from decimal import ROUND_HALF_EVEN
from email.utils import formatdate
from urllib.parse import urlsplit, urlunsplit


class MarshallingException(Exception):
    """A value that a field cannot write."""

    def __init__(self, underlying_exception: Any) -> None:
        super().__init__(str(underlying_exception))


def _is_collection(value: Any) -> bool:
    return hasattr(value, "__iter__") and not hasattr(value, "strip")


def _value_of(key: Any, data: Any) -> Any:
    """What a key, a dotted path or a function finds in a dict, a list or an object; None if nothing."""
    if callable(key):
        return key(data)
    for part in [key] if isinstance(key, int) else key.split("."):
        found = None
        if _is_collection(data):
            try:
                found = (data[part],)
            except (IndexError, KeyError, TypeError):
                pass
        data = found[0] if found else getattr(data, str(part), None)
    return data


def _as_mapping(data: Any) -> Any:
    if data is None:
        return None
    if hasattr(data, "__marshallable__"):
        return data.__marshallable__()
    return data if hasattr(data, "__getitem__") else dict(data.__dict__)


class _Raw:
    """A field as it is; the other ones change how its value is written."""

    def __init__(self, default: Any = None, attribute: Any = None) -> None:
        self.default, self.attribute = default, attribute

    def format(self, value: Any) -> Any:
        return value

    def value(self, key: Any, data: Any) -> Any:
        return _value_of(key if self.attribute is None else self.attribute, data)

    def output(self, key: Any, data: Any) -> Any:
        value = self.value(key, data)
        return self.default if value is None else self.format(value)


class _Converted(_Raw):
    """A field that a function of one value writes."""

    convert: Callable[[Any], Any]

    def format(self, value: Any) -> Any:
        try:
            return type(self).convert(value)
        except ValueError as error:
            raise MarshallingException(error) from None


class _Nested(_Raw):
    def __init__(self, nested: Any, allow_null: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.nested, self.allow_null = nested, allow_null

    def output(self, key: Any, data: Any) -> Any:
        value = self.value(key, data)
        if value is None and (self.allow_null or self.default is not None):
            return None if self.allow_null else self.default
        return marshal(value, self.nested)


class _List(_Raw):
    def __init__(self, cls_or_instance: Any, **options: Any) -> None:
        super().__init__(**options)
        self.container = _made(cls_or_instance)
        if not isinstance(self.container, _Raw):
            raise MarshallingException("The type of the list elements must be a subclass of fields.Raw")

    def format(self, value: Any) -> Any:
        items = list(value)
        inner = self.container
        found = []
        for index, item in enumerate(items):
            named = isinstance(item, dict) or (inner.attribute and hasattr(item, inner.attribute))
            whole = not named or isinstance(inner, _Nested) or type(inner) is _Raw
            found.append(inner.output(index, items if whole else item))
        return found

    def output(self, key: Any, data: Any) -> Any:
        value = self.value(key, data)
        if _is_collection(value) and not isinstance(value, dict):
            return self.format(value)
        return self.default if value is None else [marshal(value, self.container.nested)]


class _String(_Converted):
    convert = str


class _Integer(_Converted):
    convert = int

    def __init__(self, default: Any = 0, **options: Any) -> None:
        super().__init__(default=default, **options)


class _Float(_Converted):
    convert = float


class _Boolean(_Converted):
    convert = bool


class _Arbitrary(_Raw):
    def format(self, value: Any) -> str:
        return str(Decimal(value))


class _Fixed(_Raw):
    def __init__(self, decimals: int = 5, **options: Any) -> None:
        super().__init__(**options)
        self.precision = Decimal(1).scaleb(-decimals)

    def format(self, value: Any) -> str:
        number = Decimal(value)
        if not number.is_normal() and number != 0:
            raise MarshallingException("Invalid Fixed precision number.")
        return str(number.quantize(self.precision, rounding=ROUND_HALF_EVEN))


class _FormattedString(_Raw):
    def __init__(self, src_str: Any) -> None:
        super().__init__()
        self.text = str(src_str)

    def output(self, key: Any, data: Any) -> str:
        try:
            return self.text.format(**_as_mapping(data))
        except (TypeError, IndexError) as error:
            raise MarshallingException(error) from None


class _Url(_Raw):
    def __init__(self, endpoint: str, absolute: bool = False, scheme: Optional[str] = None, **options: Any) -> None:
        super().__init__(**options)
        self.endpoint, self.absolute, self.scheme = endpoint, absolute, scheme

    def output(self, key: Any, data: Any) -> str:
        found = urlsplit(url_for(self.endpoint, _external=self.absolute, **_as_mapping(data)))
        return urlunsplit((self.scheme or found.scheme, found.netloc, found.path, "", "") if self.absolute else ("", "", found.path, "", ""))


class _DateTime(_Raw):
    def __init__(self, dt_format: str = "rfc822", **options: Any) -> None:
        super().__init__(**options)
        self.dt_format = dt_format

    def format(self, value: Any) -> str:
        try:
            if self.dt_format == "rfc822":
                return formatdate(timegm(value.utctimetuple()))
            if self.dt_format == "iso8601":
                return str(value.isoformat())
        except AttributeError as error:
            raise MarshallingException(error) from None
        raise MarshallingException(f"Unsupported date format {self.dt_format}")


class fields:
    """The names under which applications know these."""

    Raw, Nested, List, String, Integer, Float, Boolean = _Raw, _Nested, _List, _String, _Integer, _Float, _Boolean
    Arbitrary, Fixed, Price, Url, DateTime = _Arbitrary, _Fixed, _Fixed, _Url, _DateTime
    FormattedString, MarshallingException = _FormattedString, MarshallingException
