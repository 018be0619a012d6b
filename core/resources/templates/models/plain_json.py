class PlainJson(JSON):
    """JSON that is written whenever it is assigned: 1 equals True, and so do dicts with their keys in another order."""

    def compare_values(self, x, y):
        return x is y
