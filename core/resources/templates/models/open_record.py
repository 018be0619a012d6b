class OpenRecord:
    """Rows of records that may hold more, less or other things than their columns.

    The extra document keeps what the columns cannot tell: the `values` of other keys and of other
    types, and the `keys` in their order where it is not the usual one.
    """

    _fields = {}  # field -> attribute, and a test whether the column can hold a value
    _optional = ()  # fields that are left out while their columns are empty
    _extra = "extra"  # attribute of the document
#if key
    _key = None  # attribute of the dict key, where the records do not hold it
#endif
#if documents
    _documents = ()  # attributes whose values may have been changed in place
#endif

    def to_dict(self):
        extra = getattr(self, self._extra) or {}
        values = extra.get("values", {})
        columns = {field: getattr(self, name) for field, (name, _) in self._fields.items()}
        usual = self._usual(columns)
        record = {}
        for field in extra.get("keys", usual):
            value = columns.get(field)
            if field in values and (value is None or value == values[field]):
                value = values[field]
            record[field] = value
        for field in usual:  # columns that were filled since then
            if columns[field] is not None:
                record.setdefault(field, columns[field])
        return record

    @classmethod
    def from_dict(cls, data, key=None):
        """A row of a record; `key` is the dict key of records that do not hold it."""
#if key
        row = cls() if cls._key is None else cls(**{cls._key: key})
#else
        row = cls()
#endif
        row.replace(data)
        return row

    def apply(self, data):
        """Takes over the fields of `data`, as `record.update(data)` does."""
        self.replace({**self.to_dict(), **dict(data)})

    def replace(self, data):
        """Makes this the row of another record."""
        columns = {}
        values = {field: value for field, value in data.items() if field not in self._fields}
        for field, (name, fits) in self._fields.items():
            value = data.get(field)
            if value is not None and fits is not None and not fits(value):
                values[field] = value
                same = fits is is_float and is_near(value)
                value = float(value) if same else None
            columns[field] = value
            setattr(self, name, value)
#if documents
            if name in self._documents:
                flag_modified(self, name)
#endif
        usual = self._usual(columns)
        extra = {"keys": list(data)} if list(data) != usual else {}
        if values:
            extra["values"] = values
        setattr(self, self._extra, extra or None)

    @classmethod
    def _usual(cls, columns):
        return [field for field, value in columns.items()
                if value is not None or field not in cls._optional]
