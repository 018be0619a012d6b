import unittest

from support import call

from covetpy import CovetApp
from covetpy.types import Request


class Requests(unittest.TestCase):
    def ask(self, reader, method="GET", path="/x", **options):
        app = CovetApp()

        @app.route("/{rest:path}", methods=[method])
        async def handler(request: Request):
            try:
                outcome = reader(request)
                return await outcome if hasattr(outcome, "__await__") else outcome
            except ValueError as error:
                return {"ValueError": str(error)}

        return call(app, method, path, **options).json()

    def test_attributes(self):
        self.assertEqual(self.ask(lambda r: r.method, "PUT"), "PUT")
        self.assertEqual(self.ask(lambda r: r.url, path="/x?a=1"), "http://app.test/x?a=1")
        self.assertEqual(self.ask(lambda r: r.scope["path"], path="/a%20b"), "/a b")
        self.assertEqual(self.ask(lambda r: r.path_params), {"rest": "x"})
        self.assertEqual(self.ask(lambda r: r.headers.get("X-TOKEN"), headers={"x-token": "t"}), "t")
        self.assertEqual(self.ask(lambda r: r.headers.get("absent")), None)
        self.assertEqual(self.ask(lambda r: r.cookies, headers={"cookie": "a=1; b=2"}), {"a": "1", "b": "2"})

    def test_query_params_are_first_values_without_blanks(self):
        path = "/x?a=1&a=2&b=&c=%C3%A9+d&e"
        self.assertEqual(self.ask(lambda r: r.query_params, path=path), {"a": "1", "c": "é d"})
        self.assertEqual(self.ask(lambda r: r.query_params.get("q")), None)
        self.assertEqual(self.ask(lambda r: type(r.query_params) is dict), True)

    def test_json(self):
        self.assertEqual(self.ask(lambda r: r.json(), "POST", json={"a": [1]}), {"a": [1]})
        self.assertEqual(self.ask(lambda r: r.json(), "POST", content=b"\xef\xbb\xbf1"), 1)
        self.assertEqual(self.ask(lambda r: r.json(), "POST"), None)
        self.assertEqual(
            self.ask(lambda r: r.json(), "POST", content=b"{"),
            {"ValueError": "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"},
        )
        self.assertIn("ValueError", self.ask(lambda r: r.json(), "POST", content=b'"\xff"'))

    def test_the_body_can_be_read_again(self):
        async def twice(request):
            return [(await request.body()).decode(), await request.json()]

        self.assertEqual(self.ask(twice, "POST", content=b"[1]"), ["[1]", [1]])

    def test_form(self):
        self.assertEqual(
            self.ask(lambda r: r.form(), "POST", data={"a": ["1", "2"], "b": ""}), {"a": "1", "b": ""}
        )

        async def upload(request):
            form = await request.form()
            return [form["note"], form["file"].filename, (await form["file"].read()).decode()]

        files = {"file": ("f.txt", b"content")}
        self.assertEqual(
            self.ask(upload, "POST", data={"note": "n"}, files=files), ["n", "f.txt", "content"]
        )


if __name__ == "__main__":
    unittest.main()
