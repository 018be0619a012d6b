"""Mock data. Everything the shop knows lives here, and is gone when the process ends."""

categories_db = {
    "tents": {"title": "Tents & Shelter", "discount": 0.0},
    "sleep": {"title": "Sleeping bags", "discount": 0.05},
    "packs": {"title": "Backpacks", "discount": 0.0},
    "light": {"title": "Lamps", "discount": 0.1},
    "kitchen": {"title": "Camp kitchen", "discount": 0.0},
}

products_db = [
    {"id": 1, "sku": "TNT-01", "name": "Nordwand 2", "category": "tents", "price": 349.0, "stock": 7, "tags": ["2P", "4-season"]},
    {"id": 2, "sku": "TNT-02", "name": "Halde 3", "category": "tents", "price": 219.5, "stock": 12, "tags": ["3P"]},
    {"id": 3, "sku": "TNT-03", "name": "Halde 4", "category": "tents", "price": 259.5, "stock": 4, "tags": ["4P"]},
    {"id": 4, "sku": "TNT-04", "name": "Tarp Föhre", "category": "tents", "price": 64.9, "stock": 31, "tags": []},
    {"id": 5, "sku": "SLP-01", "name": "Murmel Down 800", "category": "sleep", "price": 429.0, "stock": 3, "tags": ["down", "winter"]},
    {"id": 6, "sku": "SLP-02", "name": "Murmel Synth", "category": "sleep", "price": 149.0, "stock": 18, "tags": ["synthetic"]},
    {"id": 7, "sku": "SLP-03", "name": "Liner silk", "category": "sleep", "price": 59.0, "stock": 40, "tags": []},
    {"id": 8, "sku": "SLP-04", "name": "Mat 'Moos' R5", "category": "sleep", "price": 119.9, "stock": 22, "tags": ["R5"]},
    {"id": 9, "sku": "PCK-01", "name": "Grat 35", "category": "packs", "price": 139.0, "stock": 15, "tags": ["35L"]},
    {"id": 10, "sku": "PCK-02", "name": "Grat 50", "category": "packs", "price": 179.0, "stock": 9, "tags": ["50L"]},
    {"id": 11, "sku": "PCK-03", "name": "Pendler 20", "category": "packs", "price": 89.0, "stock": 27, "tags": ["20L", "laptop"]},
    {"id": 12, "sku": "PCK-04", "name": "Rain cover", "category": "packs", "price": 19.9, "stock": 60, "tags": []},
    {"id": 13, "sku": "LGT-01", "name": "Glimmer 400", "category": "light", "price": 49.9, "stock": 33, "tags": ["400lm", "USB-C"]},
    {"id": 14, "sku": "LGT-02", "name": "Glimmer 900", "category": "light", "price": 84.9, "stock": 11, "tags": ["900lm", "USB-C"]},
    {"id": 15, "sku": "LGT-03", "name": "Lantern Kauz", "category": "light", "price": 39.0, "stock": 0, "tags": ["dimmable"]},
    {"id": 16, "sku": "KIT-01", "name": "Stove Zisch", "category": "kitchen", "price": 44.0, "stock": 25, "tags": ["gas"]},
    {"id": 17, "sku": "KIT-02", "name": "Pot set 1.5 l", "category": "kitchen", "price": 54.5, "stock": 14, "tags": ["titanium"]},
    {"id": 18, "sku": "KIT-03", "name": "Spork", "category": "kitchen", "price": 4.5, "stock": 200, "tags": []},
    {"id": 19, "sku": "KIT-04", "name": "Water bag 6 l", "category": "kitchen", "price": 24.0, "stock": 38, "tags": ["foldable"]},
    {"id": 20, "sku": "KIT-05", "name": "Mug \"Tal\"", "category": "kitchen", "price": 12.0, "stock": 75, "tags": ["steel"]},
]

users_db = [
    {"id": 1, "username": "root", "email": "root@lindenhof.test", "role": "admin", "active": True, "city": None},
    {"id": 2, "username": "mia", "email": "mia@lindenhof.test", "role": "customer", "active": True, "city": "Zürich"},
    {"id": 3, "username": "jonas", "email": "jonas@lindenhof.test", "role": "customer", "active": True, "city": "Chur"},
    {"id": 4, "username": "aino", "email": "aino@lindenhof.test", "role": "customer", "active": False, "city": "Oulu"},
    {"id": 5, "username": "teo", "email": "teo@lindenhof.test", "role": "staff", "active": True, "city": None},
    {"id": 6, "username": "yui", "email": "yui@lindenhof.test", "role": "customer", "active": True, "city": "松本"},
    {"id": 7, "username": "o'hara", "email": "ohara@lindenhof.test", "role": "customer", "active": True, "city": "Cork"},
    {"id": 8, "username": "lena", "email": "lena@lindenhof.test", "role": "customer", "active": True, "city": "Graz"},
    {"id": 9, "username": "sam", "email": "sam@lindenhof.test", "role": "customer", "active": False, "city": "Leeds"},
    {"id": 10, "username": "ines", "email": "ines@lindenhof.test", "role": "staff", "active": True, "city": "Porto"},
]

orders_db = [
    {"id": 1, "user_id": 2, "status": "delivered", "total": 398.9, "note": None,
     "lines": [{"product_id": 1, "quantity": 1, "price": 349.0}, {"product_id": 13, "quantity": 1, "price": 49.9}]},
    {"id": 2, "user_id": 3, "status": "delivered", "total": 149.0, "note": "leave with the neighbour",
     "lines": [{"product_id": 6, "quantity": 1, "price": 149.0}]},
    {"id": 3, "user_id": 2, "status": "shipped", "total": 9.0, "note": None,
     "lines": [{"product_id": 18, "quantity": 2, "price": 4.5}]},
    {"id": 4, "user_id": 6, "status": "shipped", "total": 318.0, "note": None,
     "lines": [{"product_id": 9, "quantity": 1, "price": 139.0}, {"product_id": 10, "quantity": 1, "price": 179.0}]},
    {"id": 5, "user_id": 7, "status": "cancelled", "total": 44.0, "note": "wrong gas thread",
     "lines": [{"product_id": 16, "quantity": 1, "price": 44.0}]},
    {"id": 6, "user_id": 8, "status": "pending", "total": 239.8, "note": None,
     "lines": [{"product_id": 8, "quantity": 2, "price": 119.9}]},
    {"id": 7, "user_id": 3, "status": "pending", "total": 24.0, "note": "gift wrap",
     "lines": [{"product_id": 20, "quantity": 2, "price": 12.0}]},
    {"id": 8, "user_id": 4, "status": "pending", "total": 84.9, "note": None,
     "lines": [{"product_id": 14, "quantity": 1, "price": 84.9}]},
]

reviews_db = [
    {"id": 1, "product_id": 1, "user_id": 2, "stars": 5, "text": "Stood a storm on the Bernina pass."},
    {"id": 2, "product_id": 1, "user_id": 3, "stars": 4, "text": "Heavy, but dry."},
    {"id": 3, "product_id": 2, "user_id": 8, "stars": 3, "text": "Pegs bend."},
    {"id": 4, "product_id": 5, "user_id": 6, "stars": 5, "text": "暖かい"},
    {"id": 5, "product_id": 6, "user_id": 3, "stars": 4, "text": ""},
    {"id": 6, "product_id": 8, "user_id": 8, "stars": 5, "text": "Never slept better."},
    {"id": 7, "product_id": 9, "user_id": 6, "stars": 4, "text": "Good hip belt"},
    {"id": 8, "product_id": 11, "user_id": 7, "stars": 2, "text": "Laptop sleeve isn't padded; \"20 l\" is generous"},
    {"id": 9, "product_id": 13, "user_id": 2, "stars": 5, "text": "USB-C at last"},
    {"id": 10, "product_id": 13, "user_id": 4, "stars": 4, "text": "Button freezes below -15°"},
    {"id": 11, "product_id": 14, "user_id": 3, "stars": 5, "text": "A car headlight."},
    {"id": 12, "product_id": 16, "user_id": 7, "stars": 1, "text": "Wrong thread, sent back."},
    {"id": 13, "product_id": 18, "user_id": 9, "stars": 5, "text": "It is a spork."},
    {"id": 14, "product_id": 20, "user_id": 10, "stars": 4, "text": "Handle gets hot"},
]

carts_db = {}
next_order_id = 9
