from fastapi import FastAPI, HTTPException, Query
from pydantic import BaseModel
from typing import List, Optional

app = FastAPI(title="Pets")


class Pet(BaseModel):
    name: str
    kind: str
    age: Optional[int] = None


pets: List[Pet] = []
visits = []
tags = {"wild", "calm", "small"}


@app.get("/pets")
def list_pets(kind: Optional[str] = None, skip: int = 0, limit: int = Query(10, le=50)):
    result = pets
    if kind:
        result = [p for p in result if p.kind == kind]
    return result[skip:skip + limit]


@app.post("/pets", status_code=201)
def add_pet(pet: Pet):
    pets.append(pet)
    return {"id": len(pets) - 1, "pet": pet}


@app.get("/pets/{pet_id}")
def get_pet(pet_id: int):
    if pet_id < 0 or pet_id > len(pets) - 1:
        raise HTTPException(404, "Pet not found")
    return pets[pet_id]


@app.put("/pets/{pet_id}")
def replace_pet(pet_id: int, pet: Pet):
    try:
        pets[pet_id] = pet
    except IndexError:
        raise HTTPException(status_code=404, detail="Pet not found")
    return pet


@app.patch("/pets/{pet_id}/age")
def birthday(pet_id: int):
    if not 0 <= pet_id < len(pets):
        raise HTTPException(status_code=404, detail="Pet not found")
    pets[pet_id].age = (pets[pet_id].age or 0) + 1
    return pets[pet_id]


@app.delete("/pets/{pet_id}")
def delete_pet(pet_id: int):
    if pet_id >= len(pets):
        raise HTTPException(status_code=404, detail="Pet not found")
    gone = pets.pop(pet_id)
    return {"deleted": gone}


@app.post("/visits")
def add_visit(pet_id: int, reason: str = "check"):
    visit = {"pet": pet_id, "reason": reason}
    visits.insert(0, visit)
    return {"n": len(visits), "latest": visits[0], "first": visits[-1]}


@app.get("/visits")
def all_visits():
    return {"visits": visits[::-1], "reasons": sorted({v["reason"] for v in visits})}


@app.put("/tags/{name}")
def add_tag(name: str):
    if name in tags:
        return {"new": False, "count": len(tags)}
    tags.add(name)
    return {"new": True, "count": len(tags)}


@app.delete("/tags/{name}")
def drop_tag(name: str):
    tags.discard(name)
    return sorted(tags)
