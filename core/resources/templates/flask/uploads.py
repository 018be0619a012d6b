import shutil
import unicodedata
from io import BytesIO


class FileStorage:
    """A file that a client sends along with a form."""

    def __init__(self, stream: Any = None, filename: Optional[str] = None, name: Optional[str] = None, content_type: Optional[str] = None) -> None:
        self.stream, self.filename, self.name, self.content_type = stream or BytesIO(), filename, name, content_type

    @property
    def mimetype(self) -> str:
        return _media_type(self.content_type or "")

    @property
    def content_length(self) -> int:
        return 0  # browsers do not say it for each file

    def save(self, dst: Any, buffer_size: int = 16384) -> None:
        """Writes what has not been read yet to a path or into an open file."""
        if hasattr(dst, "write"):
            shutil.copyfileobj(self.stream, dst, buffer_size)
            return
        with open(dst, "wb") as file:
            shutil.copyfileobj(self.stream, file, buffer_size)

    def close(self) -> None:
        self.stream.close()

    def __bool__(self) -> bool:
        return bool(self.filename)

    def __iter__(self) -> Any:
        return iter(self.stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)

    def __repr__(self) -> str:
        return f"<FileStorage: {self.filename!r} ({self.content_type!r})>"


def _files_of(scope: Any, content_type: str, body: bytes) -> Values:
    if "flask.files" not in scope:
        parts = _parts(content_type, body) if _media_type(content_type) == "multipart/form-data" else []
        scope["flask.files"] = Values(
            [
                (names.get("name", ""), FileStorage(BytesIO(content), names["filename"], names.get("name"), headers.get("content-type")))
                for names, headers, content in parts
                if "filename" in names
            ]
        )
    return typing.cast(Values, scope["flask.files"])


async def file_fields(request: Request) -> Values:
    return _files_of(request.scope, str(request.headers.get("content-type", "")), await body_bytes(request))


def secure_filename(filename: str) -> str:
    """A name that is one of a file in the folder itself, wherever it came from."""
    filename = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    for sign in (os.sep, os.path.altsep):
        filename = filename.replace(sign, " ") if sign else filename
    return re.sub(r"[^A-Za-z0-9_.-]", "", "_".join(filename.split())).strip("._")
