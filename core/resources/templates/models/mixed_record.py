class MixedRecord(OpenRecord):
    """Rows of plain dicts and of objects side by side: the document names the `class` of objects."""

    def to_object(self):
        made = (getattr(self, self._extra) or {}).get("class")
        return build(load_class(made), self.to_dict()) if made else self.to_dict()

    @classmethod
    def from_object(cls, value, key=None):
        return cls.from_dict(value, key)

    def replace(self, data):
        if isinstance(data, dict):
            super().replace(data)
            return
        super().replace(fields_of(data))
        extra = getattr(self, self._extra) or {}
        setattr(self, self._extra, {**extra, "class": class_path(type(data))})
