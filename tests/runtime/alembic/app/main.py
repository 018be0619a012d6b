"""Data of every type that becomes a column."""
import datetime as dt
from decimal import Decimal
from uuid import UUID

from fastapi import FastAPI, HTTPException

app = FastAPI()

customers = [
    {"id": 1, "email": "ada@lindenhof.test", "class": "gold", "since": dt.date(2021, 3, 4), "json": {"a": 1}},
    {"id": 7, "email": "bo@lindenhof.test", "class": None, "since": dt.date(2022, 1, 31), "json": [1, 2]},
]
orders = [
    {
        "number": 90071992547409910, "customer_id": 1, "total": Decimal("10.25"), "weight": 1.5, "paid": True,
        "placed": dt.datetime(2024, 5, 6, 7, 8, 9, 10), "shipped": dt.datetime(2024, 5, 7, tzinfo=dt.timezone.utc),
        "pickup": dt.time(9, 30), "token": UUID("12345678-1234-5678-1234-567812345678"), "label": b"\x00\xff",
        "big": 2**70, "state": "open",
    },
    {
        "number": 2, "customer_id": 7, "total": Decimal("0.99"), "weight": -0.25, "paid": False,
        "placed": dt.datetime(2024, 5, 8), "shipped": dt.datetime(2024, 5, 9, 1, tzinfo=dt.timezone.utc),
        "pickup": dt.time(17, 0, 1), "token": UUID("22345678-1234-5678-1234-567812345678"), "label": b"",
        "big": 3, "state": "sent",
    },
]
notes = [{"text": "one", "stars": 1, "nothing": 0}, {"text": "two", "stars": None, "nothing": 1}]
codes = {"x": {"rate": 0.5}, "y": {"rate": 0.75}}


@app.get("/customers/{customer_id}")
def customer(customer_id: int):
    for one in customers:
        if one["id"] == customer_id:
            return one
    raise HTTPException(404)


@app.post("/customers")
def add_customer(body: dict):
    one = {"id": len(customers) + 1, "email": body["email"], "class": body.get("class"),
           "since": dt.date.today(), "json": {}}
    customers.append(one)
    return one


@app.get("/orders")
def list_orders(state: str):
    return [{"number": one["number"], "state": one["state"]} for one in orders if one["state"] == state]


@app.post("/orders/{number}/state")
def set_state(number: int, state: str):
    for one in orders:
        if one["number"] == number:
            one["state"] = state
    return {}


@app.post("/notes")
def add_note(text: str):
    notes.append({"text": text, "stars": None, "nothing": 0})
    return notes[-1]


@app.put("/codes/{code}")
def set_code(code: str, rate: float):
    codes[code] = {"rate": rate}
    return codes[code]
