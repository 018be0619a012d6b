"""A router object beside the callable, request and response classes."""
import json
import re
from urllib.parse import parse_qs

products_db = [
    {"id": 1, "name": "Laptop", "price": 999.99, "category": "electronics", "stock": 10},
    {"id": 2, "name": "Mouse", "price": 19.99, "category": "electronics", "stock": 100},
]
next_id = 3


class Request:
    def __init__(self, scope, body):
        self.method = scope["method"]
        self.path = scope["path"]
        self.headers = dict((k.decode(), v.decode()) for k, v in scope.get("headers", []))
        self.query_params = {k: v[0] for k, v in parse_qs(scope.get("query_string", b"").decode()).items()}
        self.body = body
        self.path_params = {}

    def json(self):
        if not self.body:
            return {}
        return json.loads(self.body)


class Response:
    def __init__(self, content, status=200, headers=None):
        self.content = content
        self.status = status
        self.headers = headers or {}


class Router:
    def __init__(self):
        self.routes = []

    def add(self, method, path, handler):
        pattern = re.compile("^" + re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path) + "$")
        self.routes.append((method, pattern, handler))

    def get(self, path):
        def decorator(func):
            self.add("GET", path, func)
            return func
        return decorator

    def post(self, path):
        def decorator(func):
            self.add("POST", path, func)
            return func
        return decorator

    def delete(self, path):
        def decorator(func):
            self.add("DELETE", path, func)
            return func
        return decorator

    def match(self, method, path):
        for m, pattern, handler in self.routes:
            if m != method:
                continue
            found = pattern.match(path)
            if found:
                return handler, found.groupdict()
        return None, None


router = Router()


@router.get("/products")
async def list_products(request):
    category = request.query_params.get("category")
    items = products_db
    if category:
        items = [p for p in items if p["category"] == category]
    return Response(items)


@router.get("/products/{product_id}")
async def get_product(request):
    product_id = int(request.path_params["product_id"])
    for p in products_db:
        if p["id"] == product_id:
            return Response(p)
    return Response({"error": "Product not found"}, status=404)


@router.post("/products")
async def create_product(request):
    global next_id
    data = request.json()
    if "name" not in data:
        return Response({"error": "name required"}, 400)
    product = {"id": next_id, "name": data["name"], "price": data.get("price", 0), "category": data.get("category", "misc"), "stock": data.get("stock", 0)}
    next_id += 1
    products_db.append(product)
    return Response(product, status=201)


@router.delete("/products/{product_id}")
async def delete_product(request):
    pid = int(request.path_params["product_id"])
    for i, p in enumerate(products_db):
        if p["id"] == pid:
            products_db.pop(i)
            return Response({"deleted": True})
    return Response({"error": "Product not found"}, status=404)


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body = b""
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    request = Request(scope, body)
    handler, params = router.match(request.method, request.path)
    if handler is None:
        response = Response({"error": "Not found"}, 404)
    else:
        request.path_params = params
        try:
            response = await handler(request)
        except Exception as e:
            response = Response({"error": str(e)}, 500)
    payload = json.dumps(response.content).encode()
    headers = [(b"content-type", b"application/json")]
    for k, v in response.headers.items():
        headers.append((k.encode(), v.encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": payload})
