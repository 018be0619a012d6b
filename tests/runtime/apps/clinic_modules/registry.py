import functools

table = {}


def route(path, method="GET"):
    def decorator(func):
        table[(method, path)] = func
        return func
    return decorator


def needs(*fields):
    """Rejects bodies that lack a field."""
    def decorator(func):
        @functools.wraps(func)
        def wrapper(request):
            missing = [f for f in fields if f not in (request["json"] or {})]
            if missing:
                return {"missing": missing}, 400
            return func(request)
        return wrapper
    return decorator
