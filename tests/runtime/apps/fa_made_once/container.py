from functools import lru_cache

from memory import MemoryNotes, Tags


@lru_cache
def get_notes():
    return MemoryNotes()


@lru_cache(maxsize=None)
def get_tags():
    return Tags()
