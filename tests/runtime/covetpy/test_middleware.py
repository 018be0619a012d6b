import unittest

from support import call

from starlette.responses import StreamingResponse

from covetpy import CovetApp
from covetpy.middleware.base import BaseMiddleware
from covetpy.types import Response


class Gate(BaseMiddleware):
    def __init__(self, app, token="t"):
        super().__init__(app)
        self.token = token

    async def process_request(self, scope, receive, send):
        if dict(scope["headers"]).get(b"x-token", b"").decode() != self.token:
            return Response({"error": "no token"}, status_code=401)
        return None


class Stamp(BaseMiddleware):
    async def process_response(self, response, scope):
        if isinstance(response.data, dict):
            response.data.setdefault("served_by", scope["path"])
        response.headers["x-stamp"] = "1"
        return response


class Replace(BaseMiddleware):
    async def process_response(self, response, scope):
        return Response({"was": response.data}, status_code=response.status_code + 1)


class Middleware(unittest.TestCase):
    def setUp(self):
        self.app = CovetApp()
        self.app.get("/dict")(lambda: {"a": 1.0})
        self.app.get("/text")(lambda: Response("hello", media_type="text/plain"))

    def test_an_early_answer_ends_the_request(self):
        self.app.add_middleware(Gate, token="secret")
        got = call(self.app, "GET", "/dict")
        self.assertEqual((got.status_code, got.json()), (401, {"error": "no token"}))
        self.assertEqual(call(self.app, "GET", "/dict", headers={"x-token": "secret"}).status_code, 200)

    def test_data_can_be_changed_in_place(self):
        self.app.add_middleware(Stamp)
        got = call(self.app, "GET", "/dict")
        self.assertEqual(got.text, '{"a": 1.0, "served_by": "/dict"}')
        self.assertEqual((got.headers["content-length"], got.headers["x-stamp"]), (str(len(got.content)), "1"))
        got = call(self.app, "GET", "/text")
        self.assertEqual((got.text, got.headers["content-type"]), ("hello", "text/plain"))

    def test_another_response_can_be_returned(self):
        self.app.add_middleware(Replace)
        got = call(self.app, "GET", "/dict")
        self.assertEqual((got.status_code, got.json()), (201, {"was": {"a": 1.0}}))

    def test_the_last_one_added_is_outermost(self):
        self.app.add_middleware(Stamp)
        self.app.add_middleware(Gate)
        self.assertNotIn("x-stamp", call(self.app, "GET", "/dict").headers)

    def test_answers_of_error_handlers_pass_through(self):
        self.app.exception_handler(404)(lambda request, error: {"error": "none"})
        self.app.add_middleware(Stamp)
        self.assertEqual(call(self.app, "GET", "/nope").json(), {"error": "none", "served_by": "/nope"})

    def test_streams_are_not_held_back_by_a_gate(self):
        async def chunks():
            yield b"a"
            yield b"b"

        self.app.get("/stream")(lambda: StreamingResponse(chunks(), media_type="text/plain"))
        self.app.add_middleware(Gate)
        self.assertEqual(call(self.app, "GET", "/stream", headers={"x-token": "t"}).text, "ab")


if __name__ == "__main__":
    unittest.main()
