"""What databases.py and more_databases.py are drawn with.

A column is (name, type, nullable); types are the neutral ones of the tool. Rows are dicts of Python values.
Chance is seeded, so that every run sees the same rows.
"""
import datetime
import random
from decimal import Decimal


class Table:
    def __init__(self, name, columns, key, references=(), uniques=()):
        self.name = name
        self.columns = [(column + (False,))[:3] for column in columns]
        self.key = key if isinstance(key, list) else [key]
        self.references = set(references)  # (column, table, its column)
        self.uniques = [list(unique) for unique in uniques]
        self.rows = []

    def add(self, *values):
        assert len(values) == len(self.columns), (self.name, values)
        self.rows.append({column[0]: value for column, value in zip(self.columns, values)})

    def values(self, column):
        return [row[column] for row in self.rows]


WORDS = "amber birch cedar delta ember fjord grove heath inlet jade knoll lagoon meadow north ocean pine quarry river".split()
FIRST = "Ada Ben Cleo Dan Eva Finn Gus Hana Ivo Jill Kai Lena Mats Nora Otto Pia Quin Rosa Sven Tara".split()
LAST = "Abel Berg Chen Diaz Eklund Fox Gruber Hahn Ito Jonas Keller Lund Meyer Nagy Olsen Park".split()
DAY = datetime.date(2023, 1, 1)


def chance_of(name):
    return random.Random(name)


def money(chance, most):
    return Decimal(chance.randrange(100, most * 100)) / Decimal(100) + Decimal("0.00")


def day(chance, span=700):
    return DAY + datetime.timedelta(days=chance.randrange(span))


def moment(chance, zone=None):
    return datetime.datetime(2023, 1, 1, 8, tzinfo=zone) + datetime.timedelta(minutes=chance.randrange(500000))


def maybe(chance, value, share=0.7):
    return value if chance.random() < share else None
