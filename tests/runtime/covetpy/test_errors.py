import unittest

from support import call, send

import asyncio

from covetpy import CovetApp, HTTPException
from covetpy.exceptions import CovetException, ValidationException
from covetpy.types import Request, Response


class Errors(unittest.TestCase):
    def setUp(self):
        self.app = CovetApp()

        @self.app.get("/boom")
        async def boom():
            raise KeyError("product_id")

        @self.app.get("/teapot")
        async def teapot():
            raise HTTPException(status_code=418, detail={"short": True}, headers={"X-Tea": "yes"})

    def test_without_handlers_as_a_server_answers(self):
        got = call(self.app, "GET", "/boom")
        self.assertEqual(
            (got.status_code, got.headers["content-type"], got.text),
            (500, "text/plain; charset=utf-8", "Internal Server Error"),
        )
        with self.assertRaises(KeyError):
            asyncio.run(self.raise_through())

    async def raise_through(self):
        async def receive():
            return {"type": "http.request", "body": b""}

        async def ignore(message):
            pass

        scope = {"type": "http", "method": "GET", "path": "/boom", "query_string": b"", "headers": []}
        await self.app(scope, receive, ignore)

    def test_a_handler_for_every_error_ends_it(self):
        @self.app.exception_handler(Exception)
        async def failed(request: Request, error):
            return Response({"error": str(error), "path": request.scope["path"]}, status_code=500)

        got = call(self.app, "GET", "/boom")
        self.assertEqual((got.status_code, got.json()), (500, {"error": "'product_id'", "path": "/boom"}))
        asyncio.run(self.raise_through())  # raises nothing

    def test_status_handlers(self):
        @self.app.exception_handler(404)
        @self.app.exception_handler(405)
        async def missing(request, error):
            return Response({"error": "Not found"}, status_code=404)

        for method, path in [("GET", "/nope"), ("DELETE", "/boom"), ("HEAD", "/boom"), ("OPTIONS", "/boom")]:
            self.assertEqual(call(self.app, method, path).status_code, 404)
        self.assertEqual(call(self.app, "DELETE", "/boom").json(), {"error": "Not found"})

    def test_defaults_for_unknown_paths_and_methods(self):
        self.assertEqual(call(self.app, "GET", "/nope").json(), {"detail": "Not Found"})
        got = call(self.app, "POST", "/boom")
        self.assertEqual((got.status_code, got.json()), (405, {"detail": "Method Not Allowed"}))

    def test_a_handler_may_be_sync_and_return_a_plain_value(self):
        self.app.exception_handler(KeyError)(lambda request, error: {"missing": error.args[0]})
        self.app.exception_handler(404)(lambda request, error: {"error": "nothing here"})
        got = call(self.app, "GET", "/boom")
        self.assertEqual((got.status_code, got.json()), (500, {"missing": "product_id"}))
        got = call(self.app, "GET", "/nope")
        self.assertEqual((got.status_code, got.json()), (404, {"error": "nothing here"}))

    def test_http_exception(self):
        got = call(self.app, "GET", "/teapot")
        self.assertEqual((got.status_code, got.json()), (418, {"detail": {"short": True}}))
        self.assertEqual(got.headers["x-tea"], "yes")

    def test_framework_errors(self):
        @self.app.get("/framework")
        async def framework():
            raise CovetException("no stock", 409, "business", {"left": 0}, "OUT")

        @self.app.get("/fields")
        async def fields():
            raise ValidationException({"name": ["required"]})

        got = call(self.app, "GET", "/framework")
        error = got.json()["error"]
        self.assertEqual((got.status_code, got.headers["x-error-id"]), (409, error.pop("trace_id")))
        self.assertEqual(
            error, {"message": "no stock", "code": "OUT", "category": "business", "details": {"left": 0}}
        )
        got = call(self.app, "GET", "/fields")
        self.assertEqual(got.status_code, 422)
        self.assertEqual(got.json()["error"]["details"], {"field_errors": {"name": ["required"]}})

    def test_errors_do_not_stop_the_application(self):
        async def several():
            return [(await send(self.app, "GET", path)).status_code for path in ("/boom", "/teapot", "/boom")]

        self.assertEqual(asyncio.run(several()), [500, 418, 500])


if __name__ == "__main__":
    unittest.main()
