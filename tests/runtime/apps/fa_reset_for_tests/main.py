from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

from storage import get_garden, get_shed

app = FastAPI()


class Crop(BaseModel):
    crop: str


class Tool(BaseModel):
    name: str


@app.get("/beds")
def beds():
    return get_garden().beds


@app.put("/beds/{bed}")
def plant(bed: str, body: Crop):
    return get_garden().plant(bed, body.crop)


@app.post("/beds/{bed}/water")
def water(bed: str):
    found = get_garden().water(bed)
    if found is None:
        raise HTTPException(404, "no such bed")
    return found


@app.get("/log")
def log():
    return get_garden().log


@app.get("/tools")
def tools():
    return get_shed().tools


@app.post("/tools", status_code=201)
def add_tool(tool: Tool):
    get_shed().tools.append({"name": tool.name})
    return {"tools": len(get_shed().tools)}
