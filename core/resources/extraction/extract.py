"""Imports modules of an application and writes what their containers hold: extract.py REQUEST RESULT.

The request names the folder, the limits and the stores; the result has a value or an error for each store. A value
is None, a truth value, a text, or a list of its kind and its content. What has no kind of its own is refused by name,
so that no value changes its type on the way.
"""
import collections
import ctypes
import dataclasses
import datetime as dt
import decimal
import enum
import gc
import importlib
import json
import os
import resource
import sys
import uuid

DEPTH = 100
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000


class Refused(Exception):
    pass


def cut_network():
    """A network of its own, without any way out; False where the system does not let us."""
    user, group = os.getuid(), os.getgid()
    unshare = getattr(ctypes.CDLL(None, use_errno=True), "unshare", None)
    if unshare is None:
        return False
    if unshare(NEW_NETWORK) == 0:
        return True
    if unshare(NEW_USER | NEW_NETWORK) != 0:
        return False
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)
        except OSError:
            pass
    return True


def refuse_network(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        raise PermissionError("the network is not there while data is read")


def limit(kind, most):
    _, hard = resource.getrlimit(kind)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (most, most))


def name_of(kind):
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


class Encoder:
    def __init__(self, root):
        self.root = os.path.realpath(root) + os.sep
        self.inside = set()

    def encode(self, value, where, top=False):
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            try:
                value.encode()
            except UnicodeEncodeError:
                return ["surrogates", value.encode("utf-8", "surrogatepass").hex()]
            return value
        if kind is int:
            return ["int", str(value)]
        if kind is float:
            return ["float", repr(value)]
        if kind is decimal.Decimal:
            return ["decimal", str(value)]
        if kind is bytes:
            return ["bytes", value.hex()]
        if kind is uuid.UUID:
            return ["uuid", str(value)]
        if kind is dt.timedelta:
            return ["timedelta", str(value // dt.timedelta(microseconds=1))]
        if kind is dt.date:
            return ["date", value.isoformat()]
        if kind in (dt.datetime, dt.time):
            if value.tzinfo is not None and type(value.tzinfo) is not dt.timezone:
                raise Refused(f"{where} has a time zone of the type {name_of(type(value.tzinfo))}, of which only the offset would be kept")
            if value.fold:
                raise Refused(f"{where} is the second of two equal times of the clock (fold=1)")
            return ["datetime" if kind is dt.datetime else "time", value.isoformat()]
        if isinstance(value, enum.Enum):
            return self.encode(value.value, where)
        if id(value) in self.inside:
            raise Refused(f"{where} contains itself")
        if len(self.inside) >= DEPTH:
            raise Refused(f"{where} is nested deeper than {DEPTH} levels")
        self.inside.add(id(value))
        try:
            return self.container(value, kind, where, top)
        finally:
            self.inside.discard(id(value))

    def container(self, value, kind, where, top):
        if kind is list or (top and kind is collections.deque):
            return ["list", [self.encode(item, f"{where}[{i}]") for i, item in enumerate(value)]]
        if kind is tuple:
            return ["tuple", [self.encode(item, f"{where}[{i}]") for i, item in enumerate(value)]]
        if kind is set:
            return ["set", sorted((self.encode(item, f"an element of {where}") for item in value), key=json.dumps)]
        if kind is dict or (top and kind in (collections.defaultdict, collections.OrderedDict, collections.Counter)):
            return ["dict", self.entries(value.items(), where)]
        if self.is_own(kind):
            if isinstance(value, tuple) and hasattr(kind, "_fields"):
                return self.object(kind, zip(kind._fields, value), where)
            if dataclasses.is_dataclass(kind):
                fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(kind) if hasattr(value, field.name)}
                return self.object(kind, {**fields, **getattr(value, "__dict__", {})}.items(), where)
            if hasattr(kind, "model_fields"):
                return self.object(kind, {**vars(value), **(getattr(value, "__pydantic_extra__", None) or {})}.items(), where)
            if hasattr(value, "__dict__") and not isinstance(value, (str, int, float, bytes, list, tuple, set, dict)):
                return self.object(kind, vars(value).items(), where)
        raise Refused(f"{where} is a {name_of(kind)}, which has no form in a table")

    def entries(self, pairs, where):
        return [[self.encode(key, f"a key of {where}"), self.encode(item, f"{where}[{key!r}]")] for key, item in pairs]

    def object(self, kind, pairs, where):
        return ["object", [kind.__name__, [[key, self.encode(item, f"{where}.{key}")] for key, item in pairs]]]

    def is_own(self, kind):
        """Whether the application has the class itself."""
        file = getattr(sys.modules.get(kind.__module__), "__file__", None)
        return bool(file) and os.path.realpath(file).startswith(self.root)


def module_of(path, root):
    """The module of a file, imported under the name that its packages give it."""
    folder, names = os.path.dirname(path), []
    if os.path.basename(path) != "__init__.py":
        names.append(os.path.splitext(os.path.basename(path))[0])
    while folder.startswith(root) and os.path.exists(os.path.join(folder, "__init__.py")):
        names.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    for entry in (root, folder):
        if entry not in sys.path:
            sys.path.insert(0, entry)
    return importlib.import_module(".".join(names))


def find(module, place, key):
    owner, _, name = place.rpartition(".")
    if owner:
        kind = getattr(module, owner)
        if name in vars(kind):
            value = vars(kind)[name]
        else:
            made = [one for one in gc.get_objects() if issubclass(type(one), kind)]
            if len(made) != 1:
                raise Refused(f"{len(made)} objects of {owner} exist after the import")
            value = getattr(made[0], name)
    else:
        value = getattr(module, name)
    return value[key] if key else value


def reason_of(error):
    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, MemoryError):
        return "it needed more memory than it may have"
    return f"{type(error).__name__}: {error}"[:500]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    result = {"network": "cut off" if cut_network() else "refused", "python": sys.version.split()[0], "stores": {}}
    sys.addaudithook(refuse_network)
    limit(resource.RLIMIT_CPU, request["seconds"])
    limit(resource.RLIMIT_AS, request["bytes"])
    limit(resource.RLIMIT_FSIZE, 1 << 30)
    limit(resource.RLIMIT_CORE, 0)
    sys.argv = [""]
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    root = os.path.realpath(request["folder"]) + os.sep
    os.chdir(root)
    modules = {}
    for store in request["stores"]:
        try:
            path = os.path.join(root, store["file"])
            if path not in modules:
                try:
                    modules[path] = module_of(path, root.rstrip(os.sep))
                except BaseException as error:  # the program's own, whatever it raises
                    modules[path] = Refused(f"importing {store['file']} failed: {reason_of(error)}")
            if isinstance(modules[path], Refused):
                raise modules[path]
            value = find(modules[path], store["place"], store["key"])
            answer = {"value": Encoder(root).encode(value, store["name"], top=True)}
        except BaseException as error:
            answer = {"error": reason_of(error)}
        result["stores"][store["id"]] = answer
    text = json.dumps(result)
    with open(request["result"], "w", encoding="utf-8") as file:
        file.write(text)
    os._exit(0)  # threads and exit handlers of the program are not waited for


main()
