from covetpy import CovetApp
from covetpy.types import Request, Response

import service

app = CovetApp()


def guarded(function):
    async def wrapper(request: Request, product_id: str):
        try:
            return await function(request, product_id)
        except (LookupError, ValueError):
            return Response({"error": "no such product"}, 404)
        except service.OutOfStock as error:
            return Response({"error": f"out of stock: {error}"}, 409)
    wrapper.__name__ = function.__name__
    return wrapper


@app.get("/products")
async def products(request: Request):
    return service.listing(request.query_params.get("kind", "all"))


@app.get("/products/{product_id}")
@guarded
async def product(request: Request, product_id: str):
    return service.find(int(product_id))


@app.post("/products/{product_id}/sell")
@guarded
async def sell(request: Request, product_id: str):
    return service.sell(int(product_id))


@app.get("/report")
async def report(request: Request):
    return service.report()
