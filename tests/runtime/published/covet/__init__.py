from ._app import BaseHTTPMiddleware, Covet, create_app, create_asgi_app
from ._http import (
    CovetError,
    HTTPException,
    Request,
    Response,
    error_response,
    html_response,
    json_response,
    redirect_response,
    text_response,
)
from ._routing import CovetRouter, RouteGroup, create_route_group

CovetPy = CovetApp = CovetApplication = App = Application = Framework = Covet
Router = CovetRouter
APIRouter = RouteGroup
