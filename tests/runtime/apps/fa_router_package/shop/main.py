from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from .routers import orders, products

app = FastAPI(title="Shop")
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_methods=["*"])
app.include_router(products.router)
app.include_router(orders.router, prefix="/api", tags=["orders"])


@app.get("/health", tags=["health"])
async def health():
    return {"status": "ok"}
