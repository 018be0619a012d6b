from . import app, asgi_app, exceptions, http, routing
