"""A repository class that keeps dataclass objects, made once and injected."""

from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Dict, List, Optional

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel


@dataclass
class Book:
    id: int
    title: str
    author: str
    year: Optional[int] = None
    labels: List[str] = field(default_factory=list)


class BookIn(BaseModel):
    title: str
    author: str
    year: Optional[int] = None
    labels: List[str] = []


class BookRepository:
    def __init__(self):
        self._books: Dict[int, Book] = {}
        self._ids = count(1)

    def add(self, data: BookIn) -> Book:
        book = Book(id=next(self._ids), **data.model_dump())
        self._books[book.id] = book
        return book

    def get(self, book_id: int) -> Optional[Book]:
        return self._books.get(book_id)

    def all(self, author: Optional[str] = None) -> List[Book]:
        books = list(self._books.values())
        if author is not None:
            books = [book for book in books if book.author == author]
        return sorted(books, key=lambda book: book.title)

    def rename(self, book_id: int, title: str) -> Optional[Book]:
        book = self._books.get(book_id)
        if book:
            book.title = title
        return book

    def delete(self, book_id: int) -> bool:
        return self._books.pop(book_id, None) is not None


repository = BookRepository()
app = FastAPI()


def get_repository() -> BookRepository:
    return repository


@app.get("/books")
def list_books(author: Optional[str] = None, repo: BookRepository = Depends(get_repository)):
    return [asdict(book) for book in repo.all(author)]


@app.get("/books/{book_id}", response_model=Book)
def read_book(book_id: int, repo: BookRepository = Depends(get_repository)):
    book = repo.get(book_id)
    if book is None:
        raise HTTPException(status_code=404, detail="Book not found")
    return book


@app.post("/books", status_code=201)
def add_book(data: BookIn, repo: BookRepository = Depends(get_repository)) -> Book:
    return repo.add(data)


@app.patch("/books/{book_id}")
def rename_book(book_id: int, title: str, repo: BookRepository = Depends(get_repository)):
    book = repo.rename(book_id, title)
    if not book:
        raise HTTPException(status_code=404, detail="Book not found")
    return book


@app.delete("/books/{book_id}", status_code=204)
def delete_book(book_id: int, repo: BookRepository = Depends(get_repository)):
    if not repo.delete(book_id):
        raise HTTPException(status_code=404, detail="Book not found")
