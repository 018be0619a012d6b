from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "files"
STOCK = FOLDER / "stock.json"
ORDERS = FOLDER / "orders.json"
