products = [
    {"id": 1, "name": "Lamp", "stock": 3},
    {"id": 2, "name": "Hub", "stock": 1},
]
sales = []
