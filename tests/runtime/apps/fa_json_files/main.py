"""A recipe book whose database is two JSON files."""

from fastapi import FastAPI, HTTPException

from ratings import average, rate
from recipes import RecipeFile

app = FastAPI()
recipes = RecipeFile("data/recipes.json")


@app.get("/recipes")
async def list_recipes(tag: str = ""):
    found = recipes.load()
    for recipe in found:
        recipe.pop("secret", None)
    return [recipe for recipe in found if not tag or tag in recipe.get("tags", [])]


@app.get("/recipes/{recipe_id}")
async def get_recipe(recipe_id: int):
    for recipe in recipes.load():
        if recipe["id"] == recipe_id:
            recipe["rating"] = average(str(recipe_id))
            return recipe
    raise HTTPException(status_code=404, detail="no such recipe")


@app.post("/recipes", status_code=201)
async def add_recipe(recipe: dict):
    if not recipe.get("name"):
        raise HTTPException(status_code=400, detail="a recipe needs a name")
    data = recipes.load()
    recipe["id"] = max((known["id"] for known in data), default=0) + 1
    data.append(recipe)
    recipes.save(data)
    return recipe


@app.put("/recipes/{recipe_id}")
async def change_recipe(recipe_id: int, changes: dict):
    data = recipes.load()
    for position, recipe in enumerate(data):
        if recipe["id"] == recipe_id:
            data[position] = {**recipe, **changes, "id": recipe_id}
            recipes.save(data)
            return data[position]
    raise HTTPException(status_code=404, detail="no such recipe")


@app.post("/recipes/{recipe_id}/preview")
async def preview(recipe_id: int, changes: dict):
    """Changes that nobody saves."""
    for recipe in recipes.load():
        if recipe["id"] == recipe_id:
            recipe.update(changes)
            return recipe
    raise HTTPException(status_code=404, detail="no such recipe")


@app.delete("/recipes/{recipe_id}")
async def delete_recipe(recipe_id: int):
    data = recipes.load()
    kept = [recipe for recipe in data if recipe["id"] != recipe_id]
    if len(kept) == len(data):
        raise HTTPException(status_code=404, detail="no such recipe")
    recipes.save(kept)
    return {"deleted": recipe_id}


@app.post("/ratings/{recipe_id}")
async def add_rating(recipe_id: str, rating: dict):
    stars = rating.get("stars")
    if not isinstance(stars, int) or isinstance(stars, bool):
        raise HTTPException(status_code=400, detail="stars is a number")
    return {"average": rate(recipe_id, stars)}
