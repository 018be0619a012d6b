from collections import deque

from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

words = ["b", "a", "c", "a"]
labels = {"red", "green"}
recent = deque(maxlen=3)
settings = {"theme": "dark", "size": 3, "ratio": 0.5, "on": True, "none": None}
hits = 0
mode = "normal"


@app.get("/words")
async def show_words(request: Request):
    return {"words": words, "sorted": sorted(words), "first": words[0] if words else None, "a": words.count("a")}


@app.post("/words/{word}")
async def add_word(request: Request, word: str):
    global hits
    hits += 1
    words.append(word)
    recent.append(word)
    labels.add(word)
    return Response({"hits": hits, "recent": list(recent)}, 201)


@app.delete("/words/{word}")
async def drop_word(request: Request, word: str):
    if word not in words:
        return Response({"error": "unknown"}, 404)
    words.remove(word)
    labels.discard(word)
    return words


@app.get("/labels")
async def show_labels(request: Request):
    return {"labels": sorted(labels), "count": len(labels), "red": "red" in labels}


@app.get("/settings")
async def show_settings(request: Request):
    return {"settings": settings, "hits": hits, "recent": list(recent)}


@app.put("/settings/{name}")
async def change(request: Request, name: str):
    if name not in settings:
        return Response({"error": "unknown"}, 404)
    settings[name] = {"theme": "light", "size": 4}.get(name)
    settings["changed"] = hits
    return settings


@app.delete("/settings")
async def clear(request: Request):
    global hits
    settings.clear()
    words.clear()
    hits = 0
    return settings
