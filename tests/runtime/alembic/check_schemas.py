"""Rows of the models through the schemas, and what the schemas must refuse: check_schemas.py FOLDER."""
import datetime as dt
import sys
from decimal import Decimal

sys.path.insert(0, sys.argv[1])
import models  # noqa: E402
import schemas  # noqa: E402
from pydantic import ValidationError  # noqa: E402


def refused(schema, **fields):
    try:
        schema(**fields)
    except ValidationError as error:
        return [".".join(map(str, one["loc"])) for one in error.errors()]
    return []


record = {"id": 7, "email": "bo@lindenhof.test", "class": "gold", "since": dt.date(2022, 1, 31), "json": [1, {"a": None}]}
row = models.Customer.from_dict(record)
answer = schemas.CustomerRead.model_validate(row).model_dump(by_alias=True)
assert answer == record and list(answer) == list(record), answer
assert schemas.CustomerRead(**record).model_dump(by_alias=True) == record
created = schemas.CustomerCreate(email="x", since="2024-01-02", json={})
assert created.model_dump(by_alias=True) == {"email": "x", "class": None, "since": dt.date(2024, 1, 2), "json": {}}
assert refused(schemas.CustomerRead, **{**record, "id": 2**31}) == ["id"]
assert refused(schemas.CustomerCreate, email="x") == ["since", "json"]
order = {"number": 2**60, "customer_id": 1, "total": Decimal("1.50"), "weight": 1.5, "paid": True, "placed": dt.datetime(2024, 1, 1),
         "shipped": dt.datetime(2024, 1, 1, tzinfo=dt.timezone.utc), "pickup": dt.time(1), "token": "12345678-1234-5678-1234-567812345678",
         "label": b"x", "big": 2**80, "state": "open"}  # fmt: skip
assert refused(schemas.OrderRead, **order) == []
assert refused(schemas.OrderRead, **{**order, "number": 2**63, "paid": "maybe"}) == ["number", "paid"]
