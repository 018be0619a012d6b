def _driver_url(url: URL, base: Path) -> URL:
    dialect, _, driver = url.drivername.partition("+")
    dialect = _ALIASES.get(dialect, dialect)
    known = _DRIVERS[dialect]
    wanted = [name for name in known if name.lower() == driver]
    installed = [name for name in known if importlib.util.find_spec(name) is not None]
    name = [*wanted, *installed, *known][0].lower()
    url = url.set(drivername="sqlite" if dialect == "sqlite" else f"{dialect}+{name}")
    if dialect == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        url = url.set(database=str(base / url.database))
    return url


def _create(url: URL, options: Dict[str, Any]) -> Engine:
    echo = bool(options.get("echo", False))
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, echo=echo, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    url, arguments = _driver_options(url)
    return create_engine(
        url,
        connect_args=arguments,
        echo=echo,
        pool_size=int(options.get("pool_size", 20)),
        max_overflow=int(options.get("max_overflow", 30)),
        pool_pre_ping=True,
    )


def _driver_options(url: URL) -> Tuple[URL, Dict[str, Any]]:
    """Options under the names that psql, the mysql client and the async drivers know."""
    query, arguments = dict(url.query), {}
    if url.get_backend_name() == "postgresql":
        if "ssl" in query:
            query["sslmode"] = query.pop("ssl")
    elif url.get_driver_name() == "pymysql":
        mode = str(query.pop("ssl-mode", query.pop("ssl_mode", "PREFERRED"))).upper()
        authority = query.pop("ssl-ca", query.pop("ssl_ca", None))
        if mode not in ("PREFERRED", "DISABLED"):
            context = ssl.create_default_context(cafile=str(authority) if authority else None)
            context.check_hostname = mode == "VERIFY_IDENTITY"
            if mode == "REQUIRED":
                context.verify_mode = ssl.CERT_NONE
            arguments["ssl"] = context
    return url.set(query=query), arguments
