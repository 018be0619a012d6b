def _async_url(url: URL, base: Path) -> URL:
    dialect, _, driver = url.drivername.partition("+")
    dialect = _ALIASES.get(dialect, dialect)
    if driver not in _ASYNC_DRIVERS:
        url = url.set(drivername=_DRIVERS[dialect])
    if dialect == "sqlite" and url.database and not url.database.startswith((":", "file:")):
        url = url.set(database=str(base / url.database))
    return url


def _create(url: URL, options: Dict[str, Any]) -> AsyncEngine:
    echo = bool(options.get("echo", False))
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, echo=echo, connect_args={"timeout": 30})
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    url, arguments = _driver_options(url)
    return create_async_engine(
        url,
        connect_args=arguments,
        echo=echo,
        pool_size=int(options.get("pool_size", 20)),
        max_overflow=int(options.get("max_overflow", 30)),
        pool_pre_ping=True,
    )


def _driver_options(url: URL) -> Tuple[URL, Dict[str, Any]]:
    """Options under the names that psql and the mysql client know, as the async drivers take them."""
    query, arguments = dict(url.query), {}
    if url.get_driver_name() == "asyncpg":
        if "sslmode" in query:
            query["ssl"] = query.pop("sslmode")
        if "connect_timeout" in query:
            arguments["timeout"] = float(str(query.pop("connect_timeout")))
    elif url.get_driver_name() in ("aiomysql", "asyncmy"):
        mode = str(query.pop("ssl-mode", query.pop("ssl_mode", "PREFERRED"))).upper()
        authority = query.pop("ssl-ca", query.pop("ssl_ca", None))
        if mode not in ("PREFERRED", "DISABLED"):
            context = ssl.create_default_context(cafile=str(authority) if authority else None)
            context.check_hostname = mode == "VERIFY_IDENTITY"
            if mode == "REQUIRED":
                context.verify_mode = ssl.CERT_NONE
            arguments["ssl"] = context
    return url.set(query=query), arguments
