import base64


class Authorization:
    """Who a client says that it is, in the header for that."""

    def __init__(self, kind: str, username: Any = None, password: Any = None, token: Any = None) -> None:
        self.type, self.username, self.password, self.token = kind, username, password, token

    @classmethod
    def read(cls, header: Any) -> Optional[Authorization]:
        kind, _, rest = (header or "").partition(" ")
        if not kind:
            return None
        if kind.lower() != "basic":
            return cls(kind.lower(), token=None if "=" in rest.strip().rstrip("=") else rest.strip())
        try:
            username, _, password = base64.b64decode(rest.strip()).decode().partition(":")
        except ValueError:
            return None
        return cls("basic", username, password)


class Accepted:
    """The media types that a client takes, the best one first."""

    def __init__(self, header: str) -> None:
        found = []
        for piece in header.split(","):
            name, *options = [part.strip() for part in piece.split(";")]
            quality = next((part[2:] for part in options if part.startswith("q=")), "1")
            if name and re.fullmatch(r"\d+(\.\d+)?", quality) and float(quality) <= 1:
                found.append((name, float(quality)))
        self.pairs = sorted(found, key=lambda one: ([part != "*" for part in one[0].split("/")], one[1]), reverse=True)

    @staticmethod
    def _fits(known: str, wanted: str) -> bool:
        known, wanted = known.lower(), wanted.lower()
        return known in ("*/*", wanted) or (known.endswith("/*") and wanted.startswith(known[:-1]))

    @property
    def best(self) -> Optional[str]:
        return self.pairs[0][0] if self.pairs else None

    def quality(self, wanted: str) -> float:
        return next((quality for known, quality in self.pairs if self._fits(known, wanted)), 0)

    __getitem__ = quality

    def __contains__(self, wanted: object) -> bool:
        return any(self._fits(known, str(wanted)) for known, _ in self.pairs)

    def __iter__(self) -> Any:
        return iter(self.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def __str__(self) -> str:
        return ",".join(name if quality == 1 else f"{name};q={quality}" for name, quality in self.pairs)

    def best_match(self, matches: Iterable[str], default: Any = None) -> Any:
        best, chosen = (0.0, -9), default
        for wanted in matches:
            known, quality = next((pair for pair in self.pairs if self._fits(pair[0], wanted)), ("", 0.0))
            rank = (quality, -known.count("*"))
            if quality > 0 and rank > best:
                best, chosen = rank, wanted
        return chosen

    @property
    def accept_html(self) -> bool:
        return "text/html" in self or self.accept_xhtml

    @property
    def accept_xhtml(self) -> bool:
        return "application/xhtml+xml" in self or "application/xml" in self

    @property
    def accept_json(self) -> bool:
        return "application/json" in self


class ETags:
    """The versions of an answer that a client has."""

    def __init__(self, header: str) -> None:
        self.star_tag = header.strip() == "*"
        self.tags = {one.strip().strip('"') for one in header.split(",") if one.strip() and not one.strip().startswith("W/")}

    def contains(self, tag: str) -> bool:
        return self.star_tag or tag in self.tags

    def __contains__(self, tag: object) -> bool:
        return self.contains(str(tag))

    def __bool__(self) -> bool:
        return self.star_tag or bool(self.tags)


class UserAgent:
    def __init__(self, text: str) -> None:
        self.string = text

    def __str__(self) -> str:
        return self.string


class Headers(Dict[str, str]):
    """Headers by name in any case."""

    def __init__(self, pairs: Dict[str, str]) -> None:
        super().__init__((name.lower(), value) for name, value in pairs.items())

    def __missing__(self, name: str) -> str:
        if name.lower() in self:
            return self[name.lower()]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def get(self, name: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]
        value = super().get(name.lower(), default)
        try:
            return value if type is None or value is default else type(value)
        except (TypeError, ValueError):
            return default
