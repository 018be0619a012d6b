from fastapi import Body, Depends, FastAPI, HTTPException

app = FastAPI()
tickets = {1: {"title": "Lamp is broken", "open": True}}
prefs = {"ann": {"theme": "dark"}}


def find_ticket(number: int):
    if number not in tickets:
        raise HTTPException(404, "no such ticket")
    return tickets[number]


@app.get("/tickets")
def list_tickets():
    return tickets


@app.post("/tickets/{number}/close")
def close(note: str = "", ticket: dict = Depends(find_ticket)):
    ticket["open"] = False
    ticket["note"] = note
    return ticket


@app.patch("/prefs/{name}")
def set_prefs(name: str, body: dict = Body(...)):
    mine = prefs.setdefault(name, {})
    mine |= body
    return mine
