from fastapi import Header, HTTPException


async def require_token(x_token: str = Header()):
    if x_token != "secret":
        raise HTTPException(status_code=400, detail="X-Token header invalid")
