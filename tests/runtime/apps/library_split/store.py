"""Everything the library knows."""
books_db = {
    1: {"id": 1, "title": "Emma", "year": 1815, "available": True},
    2: {"id": 2, "title": "Dune", "year": 1965, "available": False},
    3: {"id": 3, "title": "Solaris", "year": 1961, "available": True},
}
members_db = {
    "ada": {"name": "Ada L.", "age": 36, "loans": [2]},
    "bo": {"name": "Bo", "age": None, "loans": []},
}
fines_db: dict = {}
next_book_id = 4


def add_book(title, year):
    global next_book_id
    book = {"id": next_book_id, "title": title, "year": year, "available": True}
    books_db[next_book_id] = book
    next_book_id += 1
    return book
