"""Route registry of the shop: CovetPy 0.1 has no router that works, so this one is written by hand."""

routes = {}


def route(path, method="GET"):
    """Register a route."""
    def decorator(func):
        routes[(method, path)] = func
        return func
    return decorator


def find_handler(method, path):
    """The handler for a request, and the values of the path's {parameters}."""
    if (method, path) in routes:
        return routes[(method, path)], {}
    parts = path.split("/")
    for (verb, pattern), func in routes.items():
        wanted = pattern.split("/")
        if verb != method or len(wanted) != len(parts):
            continue
        params = {}
        for expected, got in zip(wanted, parts):
            if expected.startswith("{") and expected.endswith("}") and got:
                params[expected[1:-1]] = got
            elif expected != got:
                break
        else:
            return func, params
    return None, {}
