import inspect
import unittest
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from support import call

from pydantic import BaseModel

from covetpy import CovetApp
from covetpy.types import Response


def answer(value, method="GET"):
    app = CovetApp()

    @app.route("/", methods=[method])
    async def handler():
        return value() if inspect.isfunction(value) else value

    return call(app, method, "/")


class PlainValues(unittest.TestCase):
    def test_are_json_as_json_dumps_writes_it(self):
        for value, text in [
            ({"a": 1, "b": [1.0, True, None]}, '{"a": 1, "b": [1.0, true, null]}'),
            ({1: "x", None: 2, False: 3}, '{"1": "x", "null": 2, "false": 3}'),
            ({"z": 1, "a": 2}, '{"z": 1, "a": 2}'),
            ([], "[]"),
            ((1, 201), "[1, 201]"),
            ("text", '"text"'),
            (5, "5"),
            (None, "null"),
            (float("nan"), "NaN"),
            ({"e": "é"}, '{"e": "\\u00e9"}'),
        ]:
            got = answer(value)
            self.assertEqual(
                (got.status_code, got.headers["content-type"], got.text), (200, "application/json", text)
            )

    def test_what_json_does_not_know(self):
        class Model(BaseModel):
            at: datetime

        class Row:
            def to_dict(self):
                return {"id": 1}

        for value, expected in [
            (datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
            (date(2024, 1, 2), "2024-01-02"),
            (time(3, 4), "03:04:00"),
            (Decimal("1.50"), "1.50"),
            (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
            (Model(at=datetime(2024, 1, 2)), {"at": "2024-01-02T00:00:00"}),
            ([Row()], [{"id": 1}]),
        ]:
            self.assertEqual(answer({"v": value}).json(), {"v": expected})

    def test_anything_else_is_an_error_as_before(self):
        for value in ({1, 2}, object(), b"bytes"):
            self.assertEqual(answer({"v": value}).status_code, 500)
        self.assertEqual(answer(b"bytes").status_code, 500)


class Responses(unittest.TestCase):
    def test_status_headers_cookies(self):
        got = answer(
            Response(
                data={"a": 1},
                status_code=201,
                headers={"X-Two": "2"},
                cookies={"c": "v", "d": {"value": "w", "httponly": True}},
            )
        )
        self.assertEqual((got.status_code, got.json()), (201, {"a": 1}))
        self.assertEqual((got.headers["content-type"], got.headers["x-two"]), ("application/json", "2"))
        self.assertEqual(
            got.headers.get_list("set-cookie"), ["c=v; Path=/; SameSite=lax", "d=w; HttpOnly; Path=/; SameSite=lax"]
        )

    def test_no_data_is_an_empty_body(self):
        got = answer(Response(status_code=204))
        self.assertEqual((got.status_code, got.content, got.headers["content-type"]), (204, b"", "application/json"))
        self.assertEqual(answer(Response()).content, b"")

    def test_a_status_without_body_never_has_one(self):
        for status in (204, 304):
            self.assertEqual(answer(Response({"a": 1}, status)).content, b"")

    def test_text_and_bytes(self):
        for data, media_type, body in [
            ("<b>é</b>", "text/html", "<b>é</b>".encode()),
            (b"\x00\x01", "application/octet-stream", b"\x00\x01"),
            ("text", "application/json", b'"text"'),
            (b'{"a":1}', "application/json", b'{"a":1}'),
            ({"a": 1}, "application/problem+json", b'{"a": 1}'),
            ("x", "application/problem+json; v=1", b'"x"'),
        ]:
            got = answer(Response(data, media_type=media_type))
            self.assertEqual((got.content, got.headers["content-type"]), (body, media_type))

    def test_a_content_type_header_has_the_last_word(self):
        got = answer(Response("a,b", headers={"Content-Type": "text/csv"}, media_type="text/plain"))
        self.assertEqual(got.headers.get_list("content-type"), ["text/csv"])

    def test_set_cookie(self):
        def made():
            response = Response({"a": 1})
            response.set_cookie("k", "v", max_age=60, secure=True, samesite="strict")
            return response

        self.assertEqual(answer(made).headers["set-cookie"], "k=v; Max-Age=60; Path=/; SameSite=strict; Secure")


if __name__ == "__main__":
    unittest.main()
