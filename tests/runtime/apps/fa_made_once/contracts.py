from abc import ABC, abstractmethod


class Notes(ABC):
    @abstractmethod
    def all(self): ...

    @abstractmethod
    def add(self, text): ...

    @abstractmethod
    def remove(self, note_id): ...
