import functools
import unittest
from typing import Annotated, Optional

from support import call

from pydantic import BaseModel

import text_annotations
from covetpy import Body, CovetApp, Depends, Header, Path, Query
from covetpy.types import Request


class Item(BaseModel):
    name: str
    price: float = 1.5


class Parameters(unittest.TestCase):
    def setUp(self):
        self.app = CovetApp()

    def test_path_parameters_by_name_and_annotation(self):
        self.app.get("/text/{key}")(lambda key: key)

        @self.app.get("/number/{key}")
        async def number(key: int):
            return key + 1

        self.assertEqual(call(self.app, "GET", "/text/7").json(), "7")
        self.assertEqual(call(self.app, "GET", "/number/7").json(), 8)
        self.assertEqual(call(self.app, "GET", "/number/seven").status_code, 422)

    def test_a_path_parameter_is_decoded_and_never_spans_segments(self):
        self.app.get("/text/{key}")(lambda key: key)
        self.assertEqual(call(self.app, "GET", "/text/a%20b%C3%A9").json(), "a bé")
        self.assertEqual(call(self.app, "GET", "/text/a/b").status_code, 404)

    def test_a_handler_need_not_take_the_path_parameters(self):
        self.app.get("/text/{key}")(lambda request: request.path_params)
        self.assertEqual(call(self.app, "GET", "/text/x").json(), {"key": "x"})

    def test_request_under_any_name(self):
        @self.app.get("/a")
        async def annotated(r: Request):
            return [type(r) is Request, r.method]

        @self.app.get("/b")
        async def wrapped(r: Annotated[Optional[Request], "note"]):
            return [type(r) is Request, r.method]

        self.app.get("/c")(lambda request: [type(request) is Request, request.method])
        for path in ("/a", "/b", "/c"):
            self.assertEqual(call(self.app, "GET", path).json(), [True, "GET"])

    def test_bodies_queries_headers(self):
        @self.app.post("/items")
        async def create(item: Item, x: Annotated[str, Header()], limit: Annotated[int, Query(le=9)] = 3):
            return [item.name, item.price, x, limit]

        @self.app.post("/raw")
        async def raw(name: Annotated[str, Body(embed=True)]):
            return name

        @self.app.get("/positive/{n}")
        async def positive(n: Annotated[int, Path(gt=0)]):
            return n

        answer = call(self.app, "POST", "/items?limit=5", json={"name": "pen"}, headers={"x": "y"})
        self.assertEqual(answer.json(), ["pen", 1.5, "y", 5])
        answer = call(self.app, "POST", "/items?limit=50", json={}, headers={"x": "y"})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(call(self.app, "POST", "/raw", json={"name": "n"}).json(), "n")
        self.assertEqual(call(self.app, "GET", "/positive/0").status_code, 422)

    def test_decorated_handlers_keep_their_parameters(self):
        def logged(function):
            @functools.wraps(function)
            async def inner(*args, **kwargs):
                return {"logged": await function(*args, **kwargs)}

            return inner

        @self.app.get("/text/{key}")
        @logged
        async def text(key: str, request: Request):
            return [key, request.method]

        self.assertEqual(call(self.app, "GET", "/text/k").json(), {"logged": ["k", "GET"]})

    def test_text_annotations_are_those_of_the_defining_module(self):
        self.app.post("/wrapped/{key}")(text_annotations.wrapped)
        answer = call(self.app, "POST", "/wrapped/4", json={"title": "t"})
        self.assertEqual(answer.json(), [5, "t", "POST", "POST"])

    def test_callables_of_every_kind(self):
        class Callable:
            async def __call__(self, key: int):
                return key

        async def added(left, key: int):
            return left + key

        async def later(key):
            return key

        self.app.get("/object/{key}")(Callable())
        self.app.get("/partial/{key}")(functools.partial(added, 10))
        self.app.get("/lambda/{key}")(lambda key: later(key))
        self.assertEqual(call(self.app, "GET", "/object/1").json(), 1)
        self.assertEqual(call(self.app, "GET", "/partial/1").json(), 11)
        self.assertEqual(call(self.app, "GET", "/lambda/1").json(), "1")


class Dependencies(unittest.TestCase):
    def setUp(self):
        self.app = CovetApp()
        self.events = []

    def test_kinds_of_providers(self):
        events = self.events

        def plain(request: Request):
            return request.method

        async def awaited(request: Request, inner: Annotated[str, Depends(plain)]):
            return inner + request.scope["path"]

        def generator(request: Request):
            yield "generated"
            events.append("generator closed")

        async def async_generator(request: Request):
            yield "async generated"
            events.append("async generator closed")

        class Paging:
            def __init__(self, limit: int = 5):
                self.limit = limit

        @self.app.get("/")
        async def handler(
            a: Annotated[str, Depends(plain)],
            b: Annotated[str, Depends(awaited)],
            c: Annotated[str, Depends(generator)],
            d: Annotated[str, Depends(async_generator)],
            e: Annotated[Paging, Depends()],
        ):
            events.append("handler")
            return [a, b, c, d, e.limit]

        self.assertEqual(
            call(self.app, "GET", "/").json(), ["GET", "GET/", "generated", "async generated", 5]
        )
        self.assertEqual(self.events, ["handler", "async generator closed", "generator closed"])

    def test_a_provider_runs_once_per_request(self):
        def counted(request: Request):
            self.events.append("run")
            return len(self.events)

        def other(n: Annotated[int, Depends(counted)]):
            return n

        @self.app.get("/")
        async def handler(a: Annotated[int, Depends(counted)], b: Annotated[int, Depends(other)]):
            return [a, b]

        self.assertEqual(call(self.app, "GET", "/").json(), [1, 1])
        self.assertEqual(call(self.app, "GET", "/").json(), [2, 2])

    def test_a_provider_sees_the_handlers_error(self):
        async def watched(request: Request):
            try:
                yield 1
            except KeyError as error:
                self.events.append(f"saw {error}")
                raise

        @self.app.get("/")
        async def handler(a: Annotated[int, Depends(watched)]):
            raise KeyError("boom")

        self.assertEqual(call(self.app, "GET", "/").status_code, 500)
        self.assertEqual(self.events, ["saw 'boom'"])


if __name__ == "__main__":
    unittest.main()
