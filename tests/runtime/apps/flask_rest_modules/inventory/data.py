shelves = {
    1: {"room": "hall", "boxes": 4},
    2: {"room": "kitchen", "boxes": 0},
}

labels = [{"text": "heavy"}, {"text": "this side up"}]
