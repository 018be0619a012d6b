class Raw:
    """A field as it is; the other ones change how its value is written, and say what a client may send."""

    kind: Optional[str] = "object"
    #: Limits of what a client may send: option -> word of the schema.
    limits: Dict[str, str] = {}

    def __init__(self, default: Any = None, attribute: Any = None, required: Any = None, **options: Any) -> None:
        self.default, self.attribute, self.required = default, attribute, required
        self.limit = {word: options[option] for option, word in self.limits.items() if options.get(option) is not None}

    def format(self, value: Any) -> Any:
        return value

    def value(self, key: Any, data: Any) -> Any:
        return _value_of(key if self.attribute is None else self.attribute, data)

    def fallback(self) -> Any:
        return self.default() if callable(self.default) else self.default

    def output(self, key: Any, data: Any, **kwargs: Any) -> Any:
        value = self.value(key, data)
        if value is None:
            fallback = self.fallback()
            return self.format(fallback) if fallback else fallback
        try:
            return self.format(value)
        except MarshallingError as error:
            raise MarshallingError(f'Unable to marshal field "{key}" value "{value}": {error}') from None

    def schema(self) -> Dict[str, Any]:
        return {**({"type": self.kind} if self.kind else {}), **self.limit}


def _converted(value: Any, convert: Callable[[Any], Any]) -> Any:
    try:
        return convert(value)
    except (ValueError, TypeError) as error:
        raise MarshallingError(error) from None


class _Text(Raw):
    kind = "string"
    limits = {"min_length": "minLength", "max_length": "maxLength", "pattern": "pattern"}


class _Number(Raw):
    kind = "number"
    limits = {"min": "minimum", "exclusiveMin": "exclusiveMinimum", "max": "maximum", "exclusiveMax": "exclusiveMaximum", "multiple": "multipleOf"}


class String(_Text):
    limits = {**_Text.limits, "enum": "enum"}

    def __init__(self, *args: Any, enum: Any = None, discriminator: Any = None, **options: Any) -> None:
        if enum is not None and (callable(enum) or not isinstance(enum, (list, tuple))):
            enum = list(enum() if callable(enum) and not inspect.isclass(enum) else enum)
        super().__init__(*args, enum=enum or None, **options)
        self.discriminator = discriminator
        self.required = discriminator or self.required

    def format(self, value: Any) -> str:
        return str(value)


class Integer(_Number):
    kind = "integer"

    def format(self, value: Any) -> Any:
        return self.default if value is None else _converted(value, int)


class Float(_Number):
    def format(self, value: Any) -> Any:
        return self.default if value is None else _converted(value, float)


class Boolean(Raw):
    kind = "boolean"

    def format(self, value: Any) -> bool:
        return bool(inputs.boolean(value))


class Arbitrary(_Number):
    def format(self, value: Any) -> str:
        return str(Decimal(value))


class Fixed(_Number):
    def __init__(self, decimals: int = 5, **options: Any) -> None:
        super().__init__(**options)
        self.precision = Decimal(1).scaleb(-decimals)

    def format(self, value: Any) -> str:
        number = Decimal(value)
        if not number.is_normal() and number != 0:
            raise MarshallingError("Invalid Fixed precision number.")
        return str(number.quantize(self.precision, rounding=ROUND_HALF_EVEN))


class Nested(Raw):
    kind = None

    def __init__(self, model: Any, allow_null: bool = False, skip_none: bool = False, as_list: bool = False, nullable: Any = None, **options: Any) -> None:
        super().__init__(**options)
        self.model, self.allow_null, self.skip_none, self.as_list, self.nullable = model, allow_null, skip_none, as_list, nullable

    @property
    def nested(self) -> Any:
        return getattr(self.model, "resolved", self.model)

    def output(self, key: Any, data: Any, **kwargs: Any) -> Any:
        value = self.value(key, data)
        if value is None and (self.allow_null or self.default is not None):
            return None if self.allow_null else self.default
        return marshal(value, self.nested, skip_none=self.skip_none)

    def schema(self) -> Dict[str, Any]:
        schema = {"type": "array", "items": {"model": self.model}} if self.as_list else {"model": self.model}
        return {"anyOf": [schema, {"type": "null"}]} if self.nullable else schema


class List_(Raw):
    kind = "array"
    limits = {"min_items": "minItems", "max_items": "maxItems", "unique": "uniqueItems"}

    def __init__(self, cls_or_instance: Any, **options: Any) -> None:
        super().__init__(**options)
        self.container = _made(cls_or_instance)
        if not isinstance(self.container, Raw):
            raise MarshallingError("The type of the list elements must be a subclass of fields.Raw")

    def format(self, value: Any) -> Any:
        items, inner = list(value), self.container
        found = []
        for index, item in enumerate(items):
            named = isinstance(item, dict) or (inner.attribute and hasattr(item, inner.attribute))
            whole = not named or isinstance(inner, Nested) or type(inner) is Raw
            found.append(inner.output(index, items if whole else item))
        return found

    def output(self, key: Any, data: Any, **kwargs: Any) -> Any:
        value = self.value(key, data)
        if _is_collection(value) and not isinstance(value, dict):
            return self.format(value)
        return self.fallback() if value is None else [marshal(value, self.container.nested)]

    def schema(self) -> Dict[str, Any]:
        return {**super().schema(), "items": self.container.schema()}


class DateTime(Raw):
    kind = "string"

    def __init__(self, dt_format: str = "iso8601", **options: Any) -> None:
        super().__init__(**options)
        self.dt_format = dt_format

    def parse(self, value: Any) -> Any:
        if isinstance(value, str):
            return inputs.datetime_from_iso8601(value) if self.dt_format == "iso8601" else parsedate_to_datetime(value)
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day)
        raise ValueError("Unsupported DateTime format")

    def format(self, value: Any) -> str:
        try:
            moment = self.parse(value)
            if self.dt_format == "iso8601":
                return str(moment.isoformat())
            if self.dt_format == "rfc822":
                return formatdate(moment.timestamp() if moment.tzinfo else moment.replace(tzinfo=timezone.utc).timestamp())
        except (AttributeError, ValueError) as error:
            raise MarshallingError(error) from None
        raise MarshallingError(f"Unsupported date format {self.dt_format}")


class Date(DateTime):
    def parse(self, value: Any) -> Any:
        if isinstance(value, str):
            return inputs.date_from_iso8601(value)
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        raise ValueError("Unsupported Date format")


class Url(_Text):
    def __init__(self, endpoint: Optional[str] = None, absolute: bool = False, scheme: Optional[str] = None, **options: Any) -> None:
        super().__init__(**options)
        self.endpoint, self.absolute, self.scheme = endpoint, absolute, scheme

    def output(self, key: Any, data: Any, **kwargs: Any) -> str:
        found = urlsplit(url_for(self.endpoint or "", _external=self.absolute, **_as_mapping(data)))
        return urlunsplit((self.scheme or found.scheme, found.netloc, found.path, "", "") if self.absolute else ("", "", found.path, "", ""))


class FormattedString(_Text):
    def __init__(self, src_str: Any, **options: Any) -> None:
        super().__init__(**options)
        self.text = str(src_str)

    def output(self, key: Any, data: Any, **kwargs: Any) -> str:
        try:
            return self.text.format(**_as_mapping(data))
        except (TypeError, IndexError) as error:
            raise MarshallingError(error) from None


class fields:
    """The names under which applications know these."""

    Raw, Nested, List, String, Integer, Float, Boolean = Raw, Nested, List_, String, Integer, Float, Boolean
    Arbitrary, Fixed, Url, DateTime, Date, FormattedString = Arbitrary, Fixed, Url, DateTime, Date, FormattedString
    MarshallingError = MarshallingError
