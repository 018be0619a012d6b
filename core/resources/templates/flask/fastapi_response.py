class PlainResponse(ASGIResponse):
    """A response whose body is sent as it is, under the media type that is given."""

    def __init__(
        self, data: Any = b"", status_code: int = 200, headers: Any = None, media_type: str = JSON, cookies: Any = None
    ) -> None:
        headers = {"content-type": media_type, **dict(headers or {})}
        body = b"" if status_code in (204, 304) else data
        super().__init__(content=body, status_code=status_code, headers=headers)
        for name, value in (cookies or {}).items():
            self.set_cookie(name, value)
