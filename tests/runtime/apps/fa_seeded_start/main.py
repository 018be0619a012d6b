from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

import data
from data import Shelf, orders, seed_tools, tools

app = FastAPI()
shelf = Shelf()
seed_tools()
data.add_tool("Drill", 99.0)


class Tool(BaseModel):
    name: str
    price: float


@app.on_event("startup")
async def first_orders():
    orders["a"] = {"tool": 1, "count": 2}
    orders["b"] = {"tool": 2, "count": 1}


@app.on_event("startup")
def first_places():
    if not shelf.places:
        shelf.put("left", "Axe")


@app.get("/tools")
def list_tools():
    return tools


@app.post("/tools")
def create_tool(tool: Tool):
    return data.add_tool(tool.name, tool.price)


@app.delete("/tools/{tool_id}")
def drop_tool(tool_id: int):
    for tool in tools:
        if tool["id"] == tool_id:
            tools.remove(tool)
            return {"dropped": tool_id}
    raise HTTPException(404, "no such tool")


@app.get("/orders")
def list_orders():
    return orders


@app.get("/orders/{key}")
def get_order(key: str):
    if key not in orders:
        raise HTTPException(status_code=404, detail="no such order")
    return orders[key]


@app.get("/shelf")
def show_shelf():
    return shelf.all()


@app.post("/shelf/{place}")
def fill_place(place: str, tool: Tool):
    return shelf.put(place, tool.name)
