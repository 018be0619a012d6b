def _settings() -> Tuple[URL, Dict[str, Any]]:
    file = _config_file()
    options: Dict[str, Any] = {}
    if file is not None:
        content = json.loads(file.read_text(encoding="utf-8"))
        options = content.get("database") or {}
    text, source, base = os.environ.get("DATABASE_URL", "").strip(), "DATABASE_URL", Path.cwd()
    if not text and file is not None:
        text, source, base = str(options.get("url") or "").strip(), str(file), file.parent
    if not text:
        raise ConfigurationError(f"No database URL: set DATABASE_URL, or database.url in {CONFIG_FILE}.")
    try:
        return _async_url(make_url(text), base), options
    except (ArgumentError, KeyError):
        # The text may hold a password and is not repeated.
        raise ConfigurationError(f"{source} is not a URL of SQLite, PostgreSQL or MySQL.") from None


def _config_file() -> Optional[Path]:
    folder = Path(__file__).resolve().parent
    parents = [folder, *list(folder.parents)[: __name__.count(".")]]
    return next((p / CONFIG_FILE for p in (Path.cwd(), *parents) if (p / CONFIG_FILE).is_file()), None)
