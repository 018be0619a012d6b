"""Tools of a workshop; the application fills the lists when it is imported and when it starts."""

tools = []
orders = {}


class Shelf:
    def __init__(self):
        self.places = {}

    def put(self, place, name):
        self.places[place] = {"name": name, "full": False}
        return self.places[place]

    def all(self):
        return self.places


def add_tool(name, price):
    tool = {"id": max((t["id"] for t in tools), default=0) + 1, "name": name, "price": price}
    tools.append(tool)
    return tool


def seed_tools():
    for name, price in [("Axe", 19.5), ("Saw", 12.0), ("Plane", 45.25)]:
        add_tool(name, price)
