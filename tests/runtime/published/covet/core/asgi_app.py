from covet import create_asgi_app
