from typing import Optional


class Garden:
    def __init__(self):
        self.beds = {}
        self.log = []

    def plant(self, bed, crop):
        self.beds[bed] = {"crop": crop, "watered": 0}
        self.log.append({"bed": bed, "did": "plant"})
        return self.beds[bed]

    def water(self, bed):
        if bed not in self.beds:
            return None
        self.beds[bed]["watered"] += 1
        self.log.append({"bed": bed, "did": "water"})
        return self.beds[bed]


_garden: Optional[Garden] = None


def get_garden() -> Garden:
    global _garden
    if _garden is None:
        _garden = Garden()
    return _garden


def reset_garden() -> None:
    """Starts anew; for tests."""
    global _garden
    _garden = Garden()


class Shed:
    def __init__(self):
        self.tools = []


_shed = None


def get_shed():
    global _shed
    if _shed is None:
        _shed = Shed()
    return _shed


def forget_shed():
    global _shed
    _shed = None
