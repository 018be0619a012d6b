from fastapi import APIRouter, HTTPException
from pydantic import BaseModel

router = APIRouter()


class Member(BaseModel):
    name: str
    age: int


members_db: dict[int, Member] = {}
_next = 1


@router.post("/")
def create(member: Member):
    global _next
    members_db[_next] = member
    _next += 1
    return {"id": _next - 1, "member": member}


@router.get("/{id}")
def read(id: int):
    try:
        return members_db[id]
    except KeyError:
        raise HTTPException(404, detail=f"member {id} missing")


@router.delete("/{id}")
def delete(id: int):
    if members_db.pop(id, None) is None:
        raise HTTPException(404)
    return {"ok": True}
