class Base(DeclarativeBase):
#if closed
    """Rows give and take the records that the application works with."""
#if attributes

#endif
#if key
    _key = None  # attribute of the dict key, where the records do not hold it
#endif
#if renamed
    _renamed = {}  # fields of the record whose attribute has another name
#endif
#if documents
    _documents = ()  # attributes whose values may have been changed in place
#endif

    @classmethod
    def from_dict(cls, data, key=None):
        """A row of a record; `key` is the dict key of records that do not hold it."""
#if key
        row = cls() if cls._key is None else cls(**{cls._key: key})
#else
        row = cls()
#endif
        row.apply(data)
        return row

    def apply(self, data):
        """Takes over the fields of `data`, as `record.update(data)` does."""
#if renamed
        for field, value in data.items():
            name = self._renamed.get(field, field)
#else
        for name, value in data.items():
#endif
            getattr(type(self), name)  # a field without a column must not get lost
            setattr(self, name, value)
#if documents
            if name in self._documents:
                flag_modified(self, name)
#endif

    def replace(self, data):
        """Makes this the row of another record."""
        self.apply(data)
#else
    pass
#endif
