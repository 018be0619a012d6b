from __future__ import annotations


async def handler(item_id: int) -> dict:
    return {"id": item_id}
