"""Middleware base class: see ``covetpy.middleware.base``."""
