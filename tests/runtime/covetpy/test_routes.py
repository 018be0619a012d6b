import unittest

from support import call, lifespan, send

import asyncio

from covetpy import CovetApp


class Routes(unittest.TestCase):
    def setUp(self):
        self.app = CovetApp()

    def test_each_verb_has_a_decorator_that_returns_the_handler(self):
        for verb in ("get", "post", "put", "delete"):

            async def handler():
                return {"verb": verb}

            self.assertIs(getattr(self.app, verb)("/thing")(handler), handler)
            self.assertEqual(call(self.app, verb.upper(), "/thing").json(), {"verb": verb})

    def test_route_takes_any_methods_and_is_a_get_without(self):
        self.app.route("/a")(lambda: "get")
        self.app.route("/b", methods=["PATCH", "options"])(lambda: "other")
        self.assertEqual(call(self.app, "GET", "/a").json(), "get")
        self.assertEqual(call(self.app, "PATCH", "/b").json(), "other")
        self.assertEqual(call(self.app, "OPTIONS", "/b").json(), "other")
        self.assertEqual(call(self.app, "GET", "/b").status_code, 405)

    def test_decorators_stack(self):
        @self.app.delete("/users")
        @self.app.delete("/members")
        async def drop():
            return "gone"

        self.assertEqual(call(self.app, "DELETE", "/users").json(), "gone")
        self.assertEqual(call(self.app, "DELETE", "/members").json(), "gone")

    def test_add_route(self):
        self.app.add_route("/products", lambda: {"products": []}, methods=["GET"])
        self.assertEqual(call(self.app, "GET", "/products").json(), {"products": []})

    def test_routes_lists_the_users_routes_in_order(self):
        def one():
            return 1

        self.app.get("/z")(one)
        self.app.add_route("/a", one, methods=["put", "PATCH"])
        self.assertEqual(
            [(r.path, r.methods, r.endpoint) for r in self.app.routes],
            [("/z", ("GET",), one), ("/a", ("PUT", "PATCH"), one)],
        )

    def test_there_are_no_routes_that_nobody_asked_for(self):
        for path in ("/docs", "/redoc", "/openapi.json"):
            self.assertEqual(call(self.app, "GET", path).status_code, 404)

    def test_a_slash_is_not_redirected(self):
        self.app.get("/users")(lambda: [])
        self.app.get("/carts/")(lambda: [])
        self.assertEqual(call(self.app, "GET", "/users/").status_code, 404)
        self.assertEqual(call(self.app, "GET", "/carts").status_code, 404)

    def test_head_is_not_answered_by_a_get_route(self):
        self.app.get("/users")(lambda: [])
        self.assertEqual(call(self.app, "HEAD", "/users").status_code, 405)

    def test_routes_are_tried_in_order_of_registration(self):
        self.app.get("/users/me")(lambda: "me")
        self.app.get("/users/{name}")(lambda name: name)
        self.app.get("/users/you")(lambda: "never")
        self.assertEqual(call(self.app, "GET", "/users/me").json(), "me")
        self.assertEqual(call(self.app, "GET", "/users/you").json(), "you")


class Events(unittest.TestCase):
    def test_startup_and_shutdown_run_sync_and_async_functions_in_order(self):
        app, seen = CovetApp(), []

        @app.on_event("startup")
        def first():
            seen.append("first")

        @app.on_event("startup")
        async def second():
            seen.append("second")

        @app.on_event("shutdown")
        async def last():
            seen.append("last")

        app.get("/")(lambda: seen.append("request"))

        async def during():
            await send(app, "GET", "/")

        sent = asyncio.run(lifespan(app, during))
        self.assertEqual(sent, ["lifespan.startup.complete", "lifespan.shutdown.complete"])
        self.assertEqual(seen, ["first", "second", "request", "last"])

    def test_another_event_is_refused(self):
        with self.assertRaisesRegex(ValueError, "startup"):
            CovetApp().on_event("sunset")


if __name__ == "__main__":
    unittest.main()
