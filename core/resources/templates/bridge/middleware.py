def middleware_stores(
    *stores: BaseStore, read_only: bool = False, again: bool = True
) -> Callable[[Callable[..., Any]], Any]:
    """The same for a function around the handlers, ``(request, call_next)``, which may open the stores themselves.

    What it changed is written before the request goes on; `again`: it works on stores after the answer, too.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        async def bridged(*args: Any) -> Any:
            *given, call_next = args
            async with AsyncExitStack() as stack:

                async def go_on(request: Any) -> Any:
                    await stack.aclose()
                    try:
                        return await call_next(request)
                    finally:
                        if again:
                            await stack.enter_async_context(open_stores(*stores, read_only=read_only))

                await stack.enter_async_context(open_stores(*stores, read_only=read_only))
                return await function(*given, go_on)

        return bridged

    return decorate
