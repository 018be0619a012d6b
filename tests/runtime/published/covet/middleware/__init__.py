from covet import BaseHTTPMiddleware
