class Argument(_Argument):
    """One value that a client may send, with the messages of Flask-RESTX."""

    def place(self, request: Any, name: str) -> Any:
        return request.get_json(silent=True) if name in ("json", "get_json") else getattr(request, name, None)

    def source(self, request: Any) -> Any:
        places = [self.location] if isinstance(self.location, str) else self.location
        found = [one for one in (self.place(request, place) for place in places) if one is not None]
        if isinstance(self.location, str):
            return found[0] if found else Values([])
        return Values([pair for one in found for pair in _pairs(one)])

    def fail(self, error: Any, bundle: bool) -> Any:
        errors = {self.name: f"{self.help} {error}" if self.help else str(error)}
        return (ValueError(error), errors) if bundle else abort(400, "Input payload validation failed", errors=errors)

    def parse(self, request: Any, left: Dict[str, Any], bundle: bool) -> Any:
        source = self.source(request)
        results: List[Any] = []
        for operator in self.operators:
            name = self.name + operator.replace("=", "", 1)
            if name not in source:
                continue
            for value in source.getlist(name) if hasattr(source, "getlist") else [source.get(name)]:
                if self.trim and hasattr(value, "strip"):
                    value = value.strip()
                if not self.case_sensitive and hasattr(value, "lower"):
                    value, self.choices = value.lower(), [choice.lower() for choice in self.choices]
                try:
                    if self.action == "split":
                        value = [self.convert(part, operator) for part in value.split(",")]
                    else:
                        value = self.convert(value, operator)
                except Exception as error:
                    if self.ignore:
                        continue
                    return self.fail(error, bundle)
                if self.choices and value not in self.choices:
                    return self.fail(f"The value '{value}' is not a valid choice for '{name}'.", bundle)
                left.pop(name, None)
                results.append(value)
        if not results and self.required:
            places = [self.location] if isinstance(self.location, str) else self.location
            return self.fail("Missing required parameter in " + " or ".join(_PLACES.get(place, place) for place in places), bundle)
        if not results:
            return (self.default() if callable(self.default) else self.default), False
        many = self.action == "append" or (self.action != "store" and len(results) > 1)
        return (results if many else results[0]), True

    def convert(self, value: Any, operator: str) -> Any:
        if isinstance(self.type, Model) and isinstance(value, dict):
            return marshal(value, self.type)
        return super().convert(value, operator)


class RequestParser(_RequestParser):
    """Reads the arguments of the request that is being answered."""

    def add_argument(self, *args: Any, **kwargs: Any) -> Any:
        known = len(args) == 1 and isinstance(args[0], Argument)
        return super().add_argument(args[0] if known else Argument(*args, **{"trim": self.trim, **kwargs}))

    def replace_argument(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if any(one.name == name for one in self.args):
            self.remove_argument(name)
            self.args.append(Argument(name, *args, **kwargs))
        return self

    def copy(self) -> Any:
        other = type(self)(self.trim, self.bundle_errors)
        other.args = copy.deepcopy(self.args)
        return other

    def parse_args(self, req: Any = None, strict: bool = False, **options: Any) -> Any:
        request = current_request if req is None else req
        left = dict(Argument("").source(request)) if strict else {}
        found, errors = ParseResult(), {}
        for argument in self.args:
            value, given = argument.parse(request, left, self.bundle_errors)
            if isinstance(value, ValueError):
                errors.update(given)
                given = None
            if given or argument.store_missing:
                found[argument.dest or argument.name] = value
        if errors:
            abort(400, "Input payload validation failed", errors=errors)
        if strict and left:
            raise HTTPError(400, "Unknown arguments: " + ", ".join(left))
        return found


class reqparse:
    """The names under which applications know these."""

    Argument, RequestParser, ParseResult = Argument, RequestParser, ParseResult


class inputs(_inputs):
    """Converters for arguments."""

    @staticmethod
    def boolean(value: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value is None:
            raise ValueError("boolean type must be non-null")
        if not value:
            return False
        word = str(value).lower()
        if word in ("true", "1", "on"):
            return True
        if word in ("false", "0"):
            return False
        raise ValueError(f"Invalid literal for boolean(): {word}")

    class email:
        """An address, by its form alone."""

        def __call__(self, value: str) -> str:
            server = value.rpartition("@")[2]
            good = re.fullmatch(r"[^@]*[^@.]@[^@.]+(\.[^@.]+)*", value) and ".." not in value
            if not good or server == "localhost" or re.fullmatch(r"[\d.]+", server):
                raise ValueError(f"{value} is not a valid email")
            return value

    @staticmethod
    def datetime_from_iso8601(value: str) -> datetime:
        try:
            return datetime.fromisoformat(value.replace("Z", "+00:00"))
        except (AttributeError, TypeError, ValueError):
            raise ValueError(f'Invalid date literal "{value}"') from None

    @staticmethod
    def date_from_iso8601(value: str) -> date:
        return inputs.datetime_from_iso8601(value).date()
