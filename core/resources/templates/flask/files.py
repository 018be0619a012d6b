import mimetypes
import os
import posixpath
import zlib
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader


class _Folders:
    """Where an application's templates and files are, as Flask looks for them."""

    def __init__(self, app: Any, root: Path, templates: Any, static: Any, url: str) -> None:
        self.root, self.url = root, url
        self.static = None if static is None else root / static
        self.pages = Environment(
            loader=FileSystemLoader(root / templates),
            autoescape=lambda name: name is None or name.endswith((".html", ".htm", ".xml", ".xhtml", ".svg")),
        )
        self.processors = page_names.setdefault(app, [])
        self.pages.policies["json.dumps_function"] = json_text
        # What Flask's own templates can name.
        self.pages.globals.update(
            url_for=url_for,
            request=current_request,
            session=globals().get("session", {}),
            g=g,
            config=app_settings(app),
            get_flashed_messages=globals().get("get_flashed_messages", lambda **_: []),
        )


_folders: Dict[Any, _Folders] = {}


def use_folder(
    app: Any, module: str, template_folder: Any = "templates", static_folder: Any = "static", static_url_path: Any = None
) -> None:
    """Templates and static files lie beside the module that makes the application."""
    url = f"/{Path(static_folder or '').name}" if static_url_path is None else static_url_path.rstrip("/")
    own = _folders[app] = _Folders(app, Path(module).resolve().parent, template_folder, static_folder, url)
    if own.static is not None and own.static.is_dir():

        async def static(filename: PathPart) -> PlainResponse:
            return send_static_file(filename)

        def register() -> None:
            _add_route(app, own.url + "/{filename:path}", static, ["GET"])

        # Files at the top of the site must not hide its routes.
        register() if own.url else _last_routes.setdefault(app, []).append(register)


def group_folder(
    group: Any, module: str, template_folder: Any = None, static_folder: Any = None, static_url_path: Any = None
) -> None:
    """Templates and files of a group lie beside its module; the application's own templates come first."""
    root = Path(module).resolve().parent
    if template_folder is not None:
        group.at_registration.append(lambda app: _folders[app].pages.loader.searchpath.append(str(root / template_folder)))
    if static_folder is None:
        return

    async def static(filename: PathPart) -> PlainResponse:
        return send_from_directory(root / static_folder, filename)

    url = f"/{Path(static_folder).name}" if static_url_path is None else "/" + static_url_path.strip("/")
    group.add_route(url + "/{filename:path}", static, ["GET"])


def template_filter(app: Any, name: Optional[str] = None) -> Callable[[Any], Any]:
    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        _folders[app].pages.filters[name or function.__name__] = function
        return function

    return add


def template_global(app: Any, name: Optional[str] = None) -> Callable[[Any], Any]:
    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        _folders[app].pages.globals[name or function.__name__] = function
        return function

    return add


def template_test(app: Any, name: Optional[str] = None) -> Callable[[Any], Any]:
    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        _folders[app].pages.tests[name or function.__name__] = function
        return function

    return add


def context_processor(app: Any) -> Callable[[Any], Any]:
    """The function gives names that every page knows."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        _folders[app].processors.append(function)
        return function

    return add


def group_names(group: Any) -> Callable[[Any], Any]:
    """The function gives names that the pages of a group know."""

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        _names_of_groups.setdefault(group, []).append(function)
        return function

    return add


_names_of_groups: Dict[Any, List[Callable[..., Any]]] = {}


def page_environment(app: Any) -> Environment:
    """What Jinja makes an application's pages with."""
    return _folders[app].pages


def _own() -> _Folders:
    return _folders[_current.get().scope["flask.owner"]]


def render_template(template: Any, **context: Any) -> str:
    pages = _own().pages
    found = pages.select_template(template) if isinstance(template, (list, tuple)) else pages.get_template(template)
    return found.render({**_names(), **context})


def _names() -> Dict[str, Any]:
    processors = [*_own().processors, *(one for group in _groups_now.get() for one in _names_of_groups.get(group, ()))]
    return {name: value for function in processors for name, value in function().items()}


def render_template_string(source: str, **context: Any) -> str:
    return _own().pages.from_string(source).render({**_names(), **context})


def send_static_file(filename: str) -> PlainResponse:
    return send_from_directory(_own().static, filename)


def send_from_directory(directory: Any, path: str, **options: Any) -> PlainResponse:
    """A file in a folder; 404 for what is not in it."""
    own = _own()
    name = posixpath.normpath(path) if path else ""
    inside = name != ".." and not name.startswith(("../", "/")) and "\0" not in name and "\\" not in name
    file = own.root / directory / name
    if not inside or not file.is_file():
        raise HTTPError(404)
    return send_file(file, **options)


def send_file(
    path_or_file: Any, mimetype: Any = None, as_attachment: bool = False, download_name: Any = None
) -> PlainResponse:
    """A file with the headers that Flask gives it; 304 when the client has it already."""
    headers: Dict[str, str] = {}
    encoding = modified = None
    if hasattr(path_or_file, "read"):
        body = path_or_file.read()
    else:
        file = _own().root / path_or_file
        body, stat = file.read_bytes(), file.stat()
        download_name = download_name or file.name
        modified = int(stat.st_mtime)
        check = zlib.adler32(os.fsencode(file)) & 0xFFFFFFFF
        headers["etag"] = f'"{stat.st_mtime}-{stat.st_size}-{check}"'
        headers["last-modified"] = formatdate(modified, usegmt=True)
    if mimetype is None:
        if download_name is None:
            raise ValueError("a MIME type or a name to download is needed")
        mimetype, encoding = mimetypes.guess_type(download_name)
        mimetype = mimetype or "application/octet-stream"
    if as_attachment and download_name is None:
        raise TypeError("no name is given for sending the file as an attachment")
    if download_name is not None:
        plain = re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", download_name)
        name = f"filename={download_name}" if plain else f'filename="{download_name}"'
        if not download_name.isascii():
            name = f"filename*=UTF-8''{quote(download_name)}"
        headers["content-disposition"] = ("attachment; " if as_attachment else "inline; ") + name
    if encoding and not as_attachment:
        headers["content-encoding"] = encoding
    headers["cache-control"] = "no-cache"
    mimetype = with_charset(mimetype)
    ranged = _asked_range(len(body), headers.get("etag"), modified)
    if ranged is not None:
        first, last = ranged
        headers.update({"accept-ranges": "bytes", "content-range": f"bytes {first}-{last}/{len(body)}"})
        return Response(data=body[first : last + 1], status_code=206, headers=headers, media_type=mimetype)
    if _client_has(headers.get("etag"), modified):
        known = Response(status_code=304, headers={name: headers[name] for name in headers if name not in _OF_THE_BODY})
        del known.headers["content-type"]
        return known
    return Response(data=body, headers=headers, media_type=mimetype)


_OF_THE_BODY = ("content-encoding", "last-modified")


def _client_has(tag: Optional[str], modified: Optional[int]) -> bool:
    request = _current.get()
    if tag is None or request.method not in ("GET", "HEAD"):
        return False
    known = request.headers.get("if-none-match")
    if known is not None:
        return known.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in known.split(","))
    since = parsedate_to_datetime(request.headers.get("if-modified-since") or "Thu, 01 Jan 1970 00:00:00 GMT")
    return modified is not None and since.timestamp() >= modified


def _asked_range(length: int, tag: Optional[str], modified: Optional[int]) -> Optional[Tuple[int, int]]:
    """First and last byte of the part of a file that the client wants; None for all of it, 416 for what is not in it."""
    request = _current.get()
    asked, still = request.headers.get("range"), request.headers.get("if-range")
    if asked is None or length == 0 or request.method not in ("GET", "HEAD"):
        return None
    if still is not None and still != tag:
        since = _moment(still) if "GMT" in still else None
        if since is None or modified is None or modified > since.timestamp():
            return None
    found = re.fullmatch(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", asked)
    if found and (found[1] or found[2]):
        first = int(found[1]) if found[1] else max(length - int(found[2]), 0)
        last = min(int(found[2]), length - 1) if found[1] and found[2] else length - 1
        if first < length and first <= last:
            return first, last
    raise HTTPError(416, headers={"content-range": f"bytes */{length}"})
