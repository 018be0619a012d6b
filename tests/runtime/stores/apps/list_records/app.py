from covetpy import CovetApp
from covetpy.types import Request, Response

app = CovetApp()

books = [
    {"id": 1, "title": "Dune", "author": "Herbert", "stars": 4.5, "tags": ["sf"]},
    {"id": 2, "title": "Emma", "author": "Austen", "stars": 4.0, "tags": []},
    {"id": 3, "title": "Ulysses", "author": "Joyce", "stars": 3.0, "tags": ["hard", "long"]},
]


@app.get("/books")
async def list_books(request: Request):
    wanted = request.query_params.get("author")
    found = [b for b in books if wanted is None or b["author"] == wanted]
    return {"books": found, "total": len(books)}


@app.get("/books/sorted")
async def sorted_books(request: Request):
    return sorted(books, key=lambda b: (-b["stars"], b["title"]))


@app.get("/books/last")
async def last_book(request: Request):
    return books[-1] if books else {}


@app.get("/books/{book_id}")
async def get_book(request: Request, book_id: str):
    found = [b for b in books if str(b["id"]) == book_id]
    if len(found) == 0:
        return Response({"error": "not found"}, 404)
    return found[0]


@app.post("/books")
async def add_book(request: Request):
    data = await request.json()
    if not isinstance(data, dict) or "title" not in data:
        return Response({"error": "title is required"}, 400)
    for b in books:
        if b["title"] == data["title"]:
            return Response({"error": "exists"}, 409)
    book = {"id": max((b["id"] for b in books), default=0) + 1, "title": str(data["title"]),
            "author": "unknown", "stars": 0.0, "tags": []}
    books.insert(0, book)
    return Response(book, 201)


@app.put("/books/{book_id}")
async def replace_book(request: Request, book_id: str):
    for i, b in enumerate(books):
        if str(b["id"]) == book_id:
            books[i] = {"id": b["id"], "title": b["title"] + "!", "author": b["author"], "stars": 1.5,
                        "tags": b["tags"] + ["new"]}
            return books[i]
    return Response({"error": "not found"}, 404)


@app.put("/books/{book_id}/tags/{tag}")
async def tag_book(request: Request, book_id: str, tag: str):
    book = next((b for b in books if str(b["id"]) == book_id), None)
    if book is None:
        return Response({"error": "not found"}, 404)
    book["tags"].append(tag)
    book["stars"] += 0.5
    return book


@app.delete("/books/{book_id}")
async def delete_book(request: Request, book_id: str):
    for b in books:
        if str(b["id"]) == book_id:
            books.remove(b)
            return {"deleted": b["title"], "left": [x["id"] for x in books]}
    return Response({"error": "not found"}, 404)


@app.post("/books/reverse")
async def reverse(request: Request):
    books.reverse()
    return [b["id"] for b in books]


@app.post("/books/purge")
async def purge(request: Request):
    global books
    books = [b for b in books if b["stars"] >= 4]
    return books
