shelves = {
    1: {"room": "hall", "boxes": 4},
    2: {"room": "kitchen", "boxes": 0},
}

keepers = {"ada": "pbkdf2:sha256:1000$salt$d73134b5201d170476413d58b5fb363d63b6ea6e5719418190e6956b09da4d40"}

labels = [{"text": "heavy"}, {"text": "this side up"}]
