"""Bodies of requests: what their fields have to be, before a handler works with them."""

from typing import Annotated, Any, Dict, ItemsView, Iterator, KeysView, Optional, Union, ValuesView

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StrictBool, StrictFloat, StrictInt, StrictStr
from pydantic import ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import PydanticCustomError

#import

Text = StrictStr
Flag = StrictBool
Number = Union[StrictInt, StrictFloat]
Integer = Annotated[int, Field(strict=True, ge=-(2**31), lt=2**31)]
BigInteger = Annotated[int, Field(strict=True, ge=-(2**63), lt=2**63)]


def optional(**rules: Any) -> Any:
    """A field that may be left out: None as an attribute, and not there for ``in``, ``[]`` and ``get``."""
    return Field(default=None, **rules)


class RequestBody(BaseModel):
    """A JSON object whose fields are checked, and which reads as the dict that it is sent as.

    Fields that the model does not name are kept. Values are not converted: what is of another type is refused.
    """

    model_config = ConfigDict(extra="allow", protected_namespaces=())

    _sent: Dict[str, Any] = PrivateAttr(default_factory=dict)

    @classmethod
    def read(cls, value: Any) -> Any:
        """The model of an object; what is none is left to the handler. Raises ``HTTPException`` with status 422."""
        if not isinstance(value, dict):
            return value
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            details = [{"type": e["type"], "loc": ["body", *e["loc"]], "msg": e["msg"]} for e in error.errors()]
            raise HTTPException(status_code=422, detail=details) from error

    @model_validator(mode="wrap")
    @classmethod
    def _keep_sent(cls, value: Any, handler: ModelWrapValidatorHandler[Any]) -> Any:
        if not isinstance(value, dict):
            raise PydanticCustomError("dict_type", "Input should be a valid dictionary")
        body = handler(value)
        body._sent = value
        return body

    def __getitem__(self, key: Any) -> Any:
        return self._sent[key]

    def get(self, key: Any, default: Any = None) -> Any:
        return self._sent.get(key, default)

    def __contains__(self, key: Any) -> bool:
        return key in self._sent

    def __len__(self) -> int:
        return len(self._sent)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        return iter(self._sent)

    def keys(self) -> KeysView[Any]:
        return self._sent.keys()

    def values(self) -> ValuesView[Any]:
        return self._sent.values()

    def items(self) -> ItemsView[Any, Any]:
        return self._sent.items()

    def copy(self) -> Dict[str, Any]:  # type: ignore[override]
        return dict(self._sent)
