fake_products_db = [
    {"id": 1, "name": "Lamp", "price": 24.5, "stock": 12},
    {"id": 2, "name": "Chair", "price": 89.0, "stock": 4},
]
fake_orders_db = {}
