from fastapi import Depends, FastAPI, Form, HTTPException
from pydantic import BaseModel


class Plan(BaseModel):
    name: str
    price: float
    seats: int | None = None


class Order(BaseModel):
    plan: str
    seats: int = 1

    @classmethod
    def as_form(cls, plan: str = Form(...), seats: int = Form(1)):
        return cls(plan=plan, seats=seats)


class Region:
    def __init__(self, code, label):
        self.code = code
        self.label = label


PLANS = [
    Plan(name="free", price=0.0),
    # the popular one
    Plan(name="team", price=12.5, seats=20),
]
REGIONS = {"eu": Region("eu", "Europe"), "us": Region("us", "Americas")}
orders = []

app = FastAPI()


@app.get("/plans")
def all_plans():
    return PLANS


@app.get("/plans/{name}/price")
def price_of(name: str, seats: int = 1):
    plan = next((one for one in PLANS if one.name == name), None)
    if plan is None:
        raise HTTPException(status_code=404)
    return {"total": plan.price * seats}


@app.get("/regions")
def all_regions():
    return {code: region.label for code, region in REGIONS.items()}


@app.get("/orders")
def all_orders():
    return orders


@app.post("/orders", status_code=201)
def add_order(order: Order = Depends(Order.as_form)):
    orders.append({"plan": order.plan, "seats": order.seats})
    return order
