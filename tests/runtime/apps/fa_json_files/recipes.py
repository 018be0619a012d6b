import json
from pathlib import Path


class RecipeFile:
    """All recipes, in one file."""

    def __init__(self, path):
        self.path = Path(path)

    def load(self):
        with self.path.open(encoding="utf-8") as file:
            return json.load(file)

    def save(self, recipes):
        self.path.write_text(json.dumps(recipes, indent=2, ensure_ascii=False), encoding="utf-8")
