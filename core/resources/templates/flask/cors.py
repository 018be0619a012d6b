class CrossOrigin:
    """Lets pages of other origins read the answers, in the way of Flask-CORS."""

    METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")

    def __init__(
        self,
        app: Any,
        resources: Any = "/*",
        origins: Any = "*",
        supports_credentials: bool = False,
    ) -> None:
        self.app, self.origins, self.credentials = app, origins, supports_credentials
        if not isinstance(resources, dict):
            resources = {name: {} for name in ([resources] if isinstance(resources, str) else resources)}
        self.resources = sorted(resources.items(), key=lambda item: len(item[0]), reverse=True)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        given = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        added = self.headers(scope["path"], scope["method"], given)
        started, listened = False, Replayed(receive)

        async def send_with_headers(message: Any) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                kept = [pair for pair in message["headers"] if pair[0].decode("latin-1").lower() not in added]
                more = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in added.items()]
                message = {**message, "headers": kept + more}
            await send(message)

        try:
            await self.app(scope, listened, send_with_headers)
        except Exception as error:
            if started:
                raise
            await listened.answer_error(self.app, scope, error, send_with_headers)

    def headers(self, path: str, method: str, given: Dict[str, str]) -> Dict[str, str]:
        for pattern, options in self.resources:
            if not self.matches(".*" if pattern in ("/*", "*") else pattern, path):
                continue
            origins = options.get("origins", self.origins)
            origins = [origins] if isinstance(origins, str) else list(origins)
            every = "*" in origins
            origin = given.get("origin")
            if origin is None:
                plain = sorted(one for one in origins if not self.is_pattern(one))
                added = {"access-control-allow-origin": "*" if every else ", ".join(plain)}
            elif every or any(self.matches(one, origin) for one in origins):
                added = {"access-control-allow-origin": origin}
                if every or len(origins) > 1 or any(map(self.is_pattern, origins)):
                    added["vary"] = "Origin"
            else:
                return {}
            if options.get("supports_credentials", self.credentials):
                added["access-control-allow-credentials"] = "true"
            wanted = given.get("access-control-request-method", "").upper()
            if method == "OPTIONS" and wanted in self.METHODS:
                names = given.get("access-control-request-headers", "")
                if names:
                    added["access-control-allow-headers"] = ", ".join(sorted(name.strip() for name in names.split(",")))
                added["access-control-allow-methods"] = ", ".join(self.METHODS)
            return {name: value for name, value in added.items() if value}
        return {}

    @staticmethod
    def is_pattern(text: str) -> bool:
        return any(sign in text for sign in "*\\]?$^[()")

    def matches(self, pattern: str, text: str) -> bool:
        if self.is_pattern(pattern):
            return re.match(pattern, text, re.I) is not None
        return pattern.lower() == text.lower()
