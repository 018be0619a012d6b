"""Registry."""
routes = {}


def get(path):
    return _register("GET", path)


def post(path):
    return _register("POST", path)


def delete(path):
    return _register("DELETE", path)


def _register(method, path):
    def decorator(handler):
        routes[method, path] = handler
        return handler
    return decorator


def find(method, path):
    for (verb, pattern), handler in routes.items():
        if verb != method:
            continue
        wanted, parts = pattern.split("/"), path.split("/")
        if len(wanted) == len(parts):
            params = {}
            for w, p in zip(wanted, parts):
                if w[:1] == "{" and w[-1:] == "}":
                    params[w[1:-1]] = p
                elif w != p:
                    break
            else:
                return handler, params
    return None, {}
