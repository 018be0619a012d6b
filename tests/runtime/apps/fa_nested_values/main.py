"""Records with lists and dicts inside of them, changed in place."""

from datetime import datetime
from enum import Enum, IntEnum
from typing import Any, Dict, List

from fastapi import Body, FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()


class Step(BaseModel):
    text: str
    minutes: int = 0


class Recipe(BaseModel):
    name: str
    steps: List[Step] = []
    extra: Dict[str, Any] = {}


recipes: Dict[str, dict] = {
    "soup": {"name": "soup", "steps": [{"text": "boil", "minutes": 20}], "extra": {"spicy": False}, "ratings": [4, 5]},
}
carts = {}


@app.get("/recipes")
def all_recipes():
    return recipes


@app.post("/recipes")
def save_recipe(recipe: Recipe):
    if recipe.name in recipes:
        raise HTTPException(status_code=400, detail="exists")
    recipes[recipe.name] = {**recipe.model_dump(), "ratings": []}
    return recipes[recipe.name]


@app.post("/recipes/{name}/steps")
def add_step(name: str, step: Step):
    if name not in recipes:
        raise HTTPException(status_code=404, detail="unknown recipe")
    recipes[name]["steps"].append(step.model_dump())
    return {"steps": len(recipes[name]["steps"])}


@app.post("/recipes/{name}/ratings")
def rate(name: str, stars: int = Body(embed=True)):
    recipe = recipes.get(name)
    if not recipe:
        raise HTTPException(status_code=404, detail="unknown recipe")
    recipe["ratings"].append(stars)
    return {"average": sum(recipe["ratings"]) / len(recipe["ratings"])}


@app.put("/carts/{user}/{sku}")
def put_in_cart(user: str, sku: str, quantity: int = 1):
    cart = carts.setdefault(user, {})
    cart[sku] = cart.get(sku, 0) + quantity
    return cart


@app.get("/carts/{user}")
def read_cart(user: str):
    return {"user": user, "cart": carts.get(user, {}), "at": datetime.now().isoformat()}


class Course(Enum):
    MAIN = "main"
    DESSERT = "dessert"


class Effort(IntEnum):
    LOW = 1
    HIGH = 2


class Dish(BaseModel):
    name: str
    course: Course = Course.MAIN
    effort: Effort = Effort.LOW


menu = [
    {"id": 1, "name": "soup", "course": Course.MAIN, "effort": Effort.LOW, "days": frozenset({"monday"})},
    {"id": 2, "name": "cake", "course": Course.DESSERT, "effort": Effort.HIGH, "days": frozenset()},
]


@app.get("/menu")
def show_menu(course: Course = None):
    return [dish for dish in menu if course is None or dish["course"] == course]


@app.get("/menu/{dish_id}")
def show_dish(dish_id: int):
    for dish in menu:
        if dish["id"] == dish_id:
            return {"course": dish["course"].name, "hard": dish["effort"] > Effort.LOW, "effort": dish["effort"].name,
                    "is_key": {dish["days"]: True}[dish["days"]], "is_dessert": dish["course"] is Course.DESSERT}
    raise HTTPException(status_code=404, detail="unknown dish")


@app.post("/menu")
def add_dish(dish: Dish):
    added = {"id": len(menu) + 1, "name": dish.name, "course": dish.course, "effort": dish.effort, "days": frozenset({"sunday"})}
    menu.append(added)
    return added
