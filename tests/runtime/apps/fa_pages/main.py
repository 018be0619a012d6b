import uvicorn
from fastapi import Depends, FastAPI, HTTPException as ApiError, Query, Request, Response, status
from fastapi.encoders import jsonable_encoder
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from pydantic import BaseModel

from routers import notes

app = FastAPI(
    title="Notes",
    version="2",
)


class Page(BaseModel):
    skip: int = 0


class NotFound(Exception):
    pass


@app.exception_handler(NotFound)
async def not_found(request: Request, error: NotFound):
    return JSONResponse({"error": "not found", "path": request.url.path}, status_code=status.HTTP_404_NOT_FOUND)


def paging(skip: int = 0):
    return Page(skip=skip)


@app.get("/", response_class=HTMLResponse, tags=["pages"])
def home():
    return "<h1>Notes</h1>"


@app.get("/robots.txt")
def robots():
    return PlainTextResponse("User-agent: *")


@app.post("/echo", status_code=status.HTTP_202_ACCEPTED)
async def echo(request: Request, limit: int = Query(10, ge=1), page: Page = Depends(paging)):
    body = await request.json()
    return JSONResponse(content=jsonable_encoder({"got": body, "from": request.client.host, "limit": limit}))


@app.patch("/touch", summary="Touches")
def touch(response: Response) -> dict:
    response.headers["X-Touched"] = "1"
    return {"ok": True}


@app.delete("/all", status_code=204)
def clear(dry: bool = False):
    if dry:
        raise ApiError(status_code=400)
    return Response(status_code=204)


app.include_router(notes.router, prefix="/api", tags=["notes"])

if __name__ == "__main__":
    uvicorn.run(app, port=8000)
