books = [
    {"id": 1, "title": "Emma", "copies": 2, "lent_to": []},
    {"id": 2, "title": "Dune", "copies": 1, "lent_to": ["ada"]},
]
member_names = {"ada": {"name": "Ada", "books": 1}, "bob": {"name": "Bob", "books": 0}}
