"""Stores in another module, helpers, a lock, and work that blocks."""

import threading
import time

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse

import state

app = FastAPI()
lock = threading.Lock()
log = []


class InsufficientFunds(Exception):
    def __init__(self, missing):
        self.missing = missing


@app.exception_handler(InsufficientFunds)
async def insufficient(request: Request, error: InsufficientFunds):
    return JSONResponse(status_code=402, content={"missing": error.missing, "path": request.url.path})


@app.middleware("http")
async def add_header(request: Request, call_next):
    response = await call_next(request)
    response.headers["X-App"] = "accounts"
    return response


def write_line(text: str):
    print(text)


@app.get("/accounts")
def accounts():
    return list(state.accounts.values())


@app.post("/accounts/{owner}")
def open_account(owner: str, tasks: BackgroundTasks):
    with lock:
        if owner in state.accounts:
            raise HTTPException(status_code=409, detail="account exists")
        state.accounts[owner] = {"owner": owner, "balance": 0, "history": []}
    tasks.add_task(write_line, f"opened {owner}")
    return state.accounts[owner]


@app.post("/transfer")
async def transfer(request: Request):
    data = await request.json()
    source, target = state.find(data["from"]), state.find(data["to"])
    if source is None or target is None:
        return JSONResponse({"error": "unknown account"}, status_code=404)
    amount = int(data["amount"])
    if source["balance"] < amount:
        raise InsufficientFunds(amount - source["balance"])
    source["balance"] -= amount
    target["balance"] += amount
    source["history"].append(-amount)
    target["history"].append(amount)
    state.count_transfer()
    return {"from": source, "to": target, "transfers": state.transfers}


@app.post("/deposit/{owner}")
def deposit(owner: str, amount: int):
    time.sleep(0.01)
    account = state.find(owner)
    if account is None:
        raise HTTPException(status_code=404)
    account["balance"] += amount
    return accounts()
