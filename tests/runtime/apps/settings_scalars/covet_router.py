handlers = {}


def route(path, method="GET"):
    def keep(function):
        handlers[(path, method)] = function
        return function

    return keep
