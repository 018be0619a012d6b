from base64 import b64decode
from typing import Any, Optional

from pydantic import BaseModel

from covetpy import HTTPException
from covetpy.types import Request


class HTTPAuthorizationCredentials(BaseModel):
    scheme: str
    credentials: str


class HTTPBasicCredentials(BaseModel):
    username: str
    password: str


class _Scheme:
    """How a request says who sends it; `described` are words for documentation pages."""

    def __init__(self, auto_error: bool = True, **described: Any) -> None:
        self.auto_error = auto_error

    def refused(self, status_code: int, detail: str, challenge: str = "") -> None:
        if self.auto_error:
            headers = {"WWW-Authenticate": challenge} if challenge else None
            raise HTTPException(status_code=status_code, detail=detail, headers=headers)

    def parts(self, request: Any) -> Any:
        scheme, _, value = (request.headers.get("authorization") or "").partition(" ")
        return scheme, value


class HTTPBearer(_Scheme):
    async def __call__(self, request: Request) -> Optional[HTTPAuthorizationCredentials]:
        scheme, credentials = self.parts(request)
        if not (scheme and credentials):
            return self.refused(403, "Not authenticated")
        if scheme.lower() != "bearer":
            return self.refused(403, "Invalid authentication credentials")
        return HTTPAuthorizationCredentials(scheme=scheme, credentials=credentials)


class HTTPBasic(_Scheme):
    def __init__(self, realm: Optional[str] = None, auto_error: bool = True, **described: Any) -> None:
        super().__init__(auto_error)
        self.challenge = f'Basic realm="{realm}"' if realm else "Basic"

    async def __call__(self, request: Request) -> Optional[HTTPBasicCredentials]:
        scheme, value = self.parts(request)
        if scheme.lower() != "basic":
            return self.refused(401, "Not authenticated", self.challenge)
        invalid = HTTPException(
            status_code=401,
            detail="Invalid authentication credentials",
            headers={"WWW-Authenticate": self.challenge},
        )
        try:
            text = b64decode(value).decode("ascii")
        except ValueError:
            raise invalid from None
        username, colon, password = text.partition(":")
        if not colon:
            raise invalid
        return HTTPBasicCredentials(username=username, password=password)


class OAuth2PasswordBearer(_Scheme):
    def __init__(self, tokenUrl: str, *given: Any, auto_error: bool = True, **described: Any) -> None:
        super().__init__(auto_error)

    async def __call__(self, request: Request) -> Optional[str]:
        scheme, value = self.parts(request)
        if scheme.lower() != "bearer":
            return self.refused(401, "Not authenticated", "Bearer")
        return str(value)


class APIKeyHeader(_Scheme):
    def __init__(self, *, name: str, auto_error: bool = True, **described: Any) -> None:
        super().__init__(auto_error)
        self.name = name

    async def __call__(self, request: Request) -> Optional[str]:
        return self.value(request) or self.refused(403, "Not authenticated")

    def value(self, request: Any) -> Optional[str]:
        return request.headers.get(self.name)  # type: ignore[no-any-return]


class APIKeyQuery(APIKeyHeader):
    def value(self, request: Any) -> Optional[str]:
        return full_request(request).query_params.get(self.name)  # type: ignore[no-any-return]


class APIKeyCookie(APIKeyHeader):
    def value(self, request: Any) -> Optional[str]:
        return request.cookies.get(self.name)  # type: ignore[no-any-return]
