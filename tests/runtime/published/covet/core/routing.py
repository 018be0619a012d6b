from covet import CovetRouter, RouteGroup, Router, create_route_group
