import copy


class Namespace(Dict[str, Any]):
    """Parsed arguments, as items and as attributes."""

    def __getattr__(self, name: str) -> Any:
        if name in self:
            return self[name]
        raise AttributeError(name)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


_PLACES = {
    "json": "the JSON body",
    "form": "the post body",
    "args": "the query string",
    "values": "the post body or the query string",
    "headers": "the HTTP headers",
    "cookies": "the request's cookies",
    "files": "an uploaded file",
}


def _pairs(source: Any) -> Iterable[Tuple[str, Any]]:
    """Every value of every name; a list is several values of its name."""
    if isinstance(source, Values):
        return [(name, value) for name, values in source.lists.items() for value in values]
    if not isinstance(source, dict):
        return [(name, value) for name, value in source]
    many = (list, tuple, set)
    return [(k, v) for k, given in source.items() for v in (given if isinstance(given, many) else [given])]


class Argument:
    """One value that a client may send, and what becomes of it."""

    def __init__(
        self,
        name: str,
        default: Any = None,
        dest: Optional[str] = None,
        required: bool = False,
        ignore: bool = False,
        type: Any = str,
        location: Any = ("json", "values"),
        choices: Any = (),
        action: str = "store",
        help: Optional[str] = None,
        operators: Any = ("=",),
        case_sensitive: bool = True,
        store_missing: bool = True,
        trim: bool = False,
        nullable: bool = True,
    ) -> None:
        self.name, self.default, self.dest, self.required, self.ignore = name, default, dest, required, ignore
        self.type, self.location, self.choices, self.action, self.help = type, location, choices, action, help
        self.operators, self.case_sensitive, self.store_missing = operators, case_sensitive, store_missing
        self.trim, self.nullable = trim, nullable

    def source(self, request: Any) -> Any:
        if isinstance(self.location, str):
            found = getattr(request, self.location, None)
            return Values([]) if found is None else found
        found = [getattr(request, place, None) for place in self.location]
        return Values([pair for one in found if one is not None for pair in _pairs(one)])

    def convert(self, value: Any, operator: str) -> Any:
        if value is None:
            if self.nullable:
                return None
            raise ValueError("Must not be null!")
        # A converter may take the argument's name and the operator, too.
        try:
            return self.type(value, self.name, operator)
        except TypeError:
            if self.type is Decimal:
                return Decimal(str(value))
        try:
            return self.type(value, self.name)
        except TypeError:
            return self.type(value)

    def fail(self, error: Exception, bundle: bool) -> Any:
        text = str(error)
        message = {self.name: self.help.format(error_msg=text) if self.help else text}
        return (error, message) if bundle else rest_abort(400, message=message)

    def parse(self, request: Any, left: Dict[str, Any], bundle: bool) -> Any:
        source = self.source(request)
        results: List[Any] = []
        for operator in self.operators:
            name = self.name + operator.replace("=", "", 1)
            if name not in source:
                continue
            if hasattr(source, "getlist"):
                values = source.getlist(name)
            else:
                given = source.get(name)
                values = given if isinstance(given, list) and self.action == "append" else [given]
            for value in values:
                if self.trim and hasattr(value, "strip"):
                    value = value.strip()
                if not self.case_sensitive and hasattr(value, "lower"):
                    value, self.choices = value.lower(), [choice.lower() for choice in self.choices]
                try:
                    value = self.convert(value, operator)
                except Exception as error:
                    if self.ignore:
                        continue
                    return self.fail(error, bundle)
                if self.choices and value not in self.choices:
                    return self.fail(ValueError(f"{value} is not a valid choice"), bundle)
                left.pop(name, None)
                results.append(value)
        if not results and self.required:
            places = [self.location] if isinstance(self.location, str) else self.location
            text = " or ".join(_PLACES.get(place, place) for place in places)
            return self.fail(ValueError(f"Missing required parameter in {text}"), bundle)
        if not results:
            return (self.default() if callable(self.default) else self.default), False
        many = self.action == "append" or (self.action != "store" and len(results) > 1)
        return (results if many else results[0]), True


class RequestParser:
    """Reads the arguments of the request that is being answered."""

    def __init__(self, trim: bool = False, bundle_errors: bool = False) -> None:
        self.args: List[Argument] = []
        self.trim, self.bundle_errors = trim, bundle_errors

    def add_argument(self, *args: Any, **kwargs: Any) -> "RequestParser":
        known = len(args) == 1 and isinstance(args[0], Argument)
        self.args.append(args[0] if known else Argument(*args, **kwargs))
        if self.trim:
            self.args[-1].trim = kwargs.get("trim", self.trim)
        return self

    def parse_args(self, req: Any = None, strict: bool = False, http_error_code: int = 400) -> Namespace:
        request = current_request if req is None else req
        left = dict(Argument("").source(request)) if strict else {}
        found, errors = Namespace(), {}
        for argument in self.args:
            value, given = argument.parse(request, left, self.bundle_errors)
            if isinstance(value, ValueError):
                errors.update(given)
                given = None
            if given or argument.store_missing:
                found[argument.dest or argument.name] = value
        if errors:
            rest_abort(http_error_code, message=errors)
        if strict and left:
            raise HTTPError(400, "Unknown arguments: " + ", ".join(left))
        return found

    def copy(self) -> "RequestParser":
        other = RequestParser(self.trim, self.bundle_errors)
        other.args = copy.deepcopy(self.args)
        return other

    def replace_argument(self, name: str, *args: Any, **kwargs: Any) -> "RequestParser":
        if any(one.name == name for one in self.args):
            self.remove_argument(name)
            self.args.append(Argument(name, *args, **kwargs))
        return self

    def remove_argument(self, name: str) -> "RequestParser":
        found = next((one for one in self.args if one.name == name), None)
        if found is not None:
            self.args.remove(found)
        return self


class reqparse:
    """The names under which applications know these."""

    Argument, Namespace, RequestParser = Argument, Namespace, RequestParser


class inputs:
    """Converters for arguments."""

    @staticmethod
    def integer(value: Any) -> int:
        try:
            return int(value)
        except (TypeError, ValueError):
            raise ValueError(f"{value} is not a valid integer") from None

    @staticmethod
    def natural(value: Any, argument: str = "argument") -> int:
        number = inputs.integer(value)
        if number < 0:
            raise ValueError(f"Invalid {argument}: {number}. {argument} must be a non-negative integer")
        return number

    @staticmethod
    def positive(value: Any, argument: str = "argument") -> int:
        number = inputs.integer(value)
        if number < 1:
            raise ValueError(f"Invalid {argument}: {number}. {argument} must be a positive integer")
        return number

    class int_range:
        def __init__(self, low: int, high: int, argument: str = "argument") -> None:
            self.low, self.high, self.argument = low, high, argument

        def __call__(self, value: Any) -> int:
            number = inputs.integer(value)
            if self.low <= number <= self.high:
                return number
            bounds = f"{self.low} - {self.high}"
            raise ValueError(f"Invalid {self.argument}: {number}. {self.argument} must be within the range {bounds}")

    class regex:
        def __init__(self, pattern: str, flags: Any = 0) -> None:
            self.pattern, self.compiled = pattern, re.compile(pattern, flags)

        def __call__(self, value: str) -> str:
            if self.compiled.search(value):
                return value
            raise ValueError(f'Value does not match pattern: "{self.pattern}"')

    @staticmethod
    def boolean(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if not value:
            raise ValueError("boolean type must be non-null")
        word = value.lower()
        if word in ("true", "1", "on"):
            return True
        if word in ("false", "0"):
            return False
        raise ValueError(f"Invalid literal for boolean(): {word}")

    @staticmethod
    def date(value: str) -> datetime:
        return datetime.strptime(value, "%Y-%m-%d")
