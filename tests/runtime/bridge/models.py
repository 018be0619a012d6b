"""Models with the methods that generated ones have, one per kind of store."""

from typing import Any, Optional

from sqlalchemy import JSON, Double, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.orm.attributes import flag_modified


class Base(DeclarativeBase):
    _key = None
    _hidden = ("position", "row_id")

    @classmethod
    def fields(cls):
        return [a.key for a in cls.__mapper__.column_attrs if a.key not in (cls._key, *cls._hidden)]

    def to_dict(self):
        return {name: getattr(self, name) for name in self.fields()}

    @classmethod
    def from_dict(cls, data, key=None):
        row = cls() if cls._key is None else cls(**{cls._key: key})
        row.replace(data)
        return row

    def replace(self, data):
        for name, value in data.items():
            getattr(type(self), name)
            setattr(self, name, value)
            if name == "tags":
                flag_modified(self, name)


class Product(Base):
    __tablename__ = "products"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    price: Mapped[float] = mapped_column(Double)
    tags: Mapped[Optional[list]] = mapped_column(JSON(none_as_null=True))
    position: Mapped[int]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[Optional[int]] = mapped_column(ForeignKey("products.id"))


class Note(Base):
    """Records without a key."""

    __tablename__ = "notes"
    row_id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    position: Mapped[int]


class Account(Base):
    """A dict whose records do not hold the key."""

    __tablename__ = "accounts"
    _key = "username"
    username: Mapped[str] = mapped_column(String(20), primary_key=True)
    role: Mapped[str]
    position: Mapped[int]


class User:
    def __init__(self, id, name):
        self.id, self.name = id, name


class UserRow(Base):
    """A dict of objects that hold the key."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]

    def to_object(self):
        return User(self.id, self.name)

    @classmethod
    def from_object(cls, value, key=None):
        return cls.from_dict(vars(value), key)

    def replace(self, data):
        super().replace(data if isinstance(data, dict) else vars(data))


class SingleBase(DeclarativeBase):
    metadata = Base.metadata


class Word(SingleBase):
    __tablename__ = "words"
    row_id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    position: Mapped[int]


class Tag(SingleBase):
    __tablename__ = "tag_set"
    value: Mapped[str] = mapped_column(String(50), primary_key=True)


class StateValue(SingleBase):
    __tablename__ = "covet_state"
    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
