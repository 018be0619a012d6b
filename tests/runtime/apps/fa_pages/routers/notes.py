from typing import List

from fastapi import APIRouter, Depends

from .checks import require_token

router = APIRouter(
    prefix="/notes",
    tags=["notes"],
    dependencies=[Depends(require_token)],
    responses={404: {"description": "Not found"}},
)
notes = ["first"]


@router.get("/", response_model=List[str])
@router.get("/all", response_model=List[str], include_in_schema=False)
async def list_notes():
    return notes


@router.post("/{text}", dependencies=[Depends(require_token)], response_model_exclude_none=True)
def add_note(text: str):
    notes.append(text)
    return count_notes()


@router.get("/count")
def count_notes():
    return len(notes)
