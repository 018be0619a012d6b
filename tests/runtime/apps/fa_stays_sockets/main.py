"""A board with a chat: a lifespan with a state keeps its routes on FastAPI."""

from contextlib import asynccontextmanager
from datetime import datetime
from typing import Dict, List, Optional

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Query, WebSocket
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel


class Card(BaseModel):
    title: str
    column: str = "todo"
    points: int = 1


class Connections:
    def __init__(self):
        self.sockets: List[WebSocket] = []

    async def join(self, socket: WebSocket):
        await socket.accept()
        self.sockets.append(socket)


cards: Dict[int, dict] = {
    1: {"id": 1, "title": "Paint", "column": "todo", "points": 3},
    2: {"id": 2, "title": "Mount", "column": "done", "points": 1},
}
history: List[dict] = [{"card": 1, "what": "created", "at": datetime.strptime("2024-03-01 08:30", "%Y-%m-%d %H:%M").isoformat()}]
users = {"ada": {"name": "ada", "token": "secret-ada"}}
connections = Connections()


@asynccontextmanager
async def lifespan(application: FastAPI):
    application.state.started = True
    yield {"opened": 1}
    application.state.started = False


app = FastAPI(lifespan=lifespan)
chat = APIRouter(prefix="/chat")
bearer = OAuth2PasswordBearer(tokenUrl="login", auto_error=False)


async def current_user(token: Optional[str] = Depends(bearer)):
    for user in users.values():
        if user["token"] == token:
            return user
    raise HTTPException(status_code=401, detail="who are you?")


@chat.websocket("/board")
async def board(socket: WebSocket):
    await connections.join(socket)
    await socket.send_json({"cards": "many"})


@app.get("/cards")
async def list_cards(column: Optional[str] = None, limit: int = Query(10, ge=1, le=50)):
    found = [card for card in cards.values() if column is None or card["column"] == column]
    return found[:limit]


@app.post("/cards", status_code=201)
async def add_card(card: Card, tasks: BackgroundTasks):
    new_id = max(cards.keys(), default=0) + 1
    cards[new_id] = {"id": new_id, **card.model_dump()}
    history.append({"card": new_id, "what": "created", "at": "now"})
    return cards[new_id]


@app.get("/cards/{card_id}")
def one_card(card_id: int):
    if card_id not in cards:
        raise HTTPException(status_code=404, detail="no such card")
    return cards[card_id]


@app.put("/cards/{card_id}")
def move_card(card_id: int, column: str):
    if card_id not in cards:
        raise HTTPException(status_code=404, detail="no such card")
    cards[card_id]["column"] = column
    history.append({"card": card_id, "what": column, "at": "now"})
    return cards[card_id]


@app.delete("/cards/{card_id}")
def drop_card(card_id: int, user: dict = Depends(current_user)):
    if card_id not in cards:
        raise HTTPException(status_code=404, detail="no such card")
    card = cards.pop(card_id)
    return {"gone": card["title"], "by": user["name"]}


@app.get("/history")
def read_history(card: Optional[int] = None):
    return {"count": len(history), "entries": [entry for entry in history if card is None or entry["card"] == card]}


app.include_router(chat)
