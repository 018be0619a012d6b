#if Integer

Integer = Annotated[int, Field(ge=-(2**31), lt=2**31)]
#endif
#if BigInteger
BigInteger = Annotated[int, Field(ge=-(2**63), lt=2**63)]
#endif


class Schema(BaseModel):
    """Also made of the rows of a model: ``UserRead.model_validate(user)``."""

    model_config = ConfigDict(from_attributes=True, protected_namespaces=())
#if open


class OpenSchema(Schema):
    """Records that may have further fields, which are kept."""

    model_config = ConfigDict(extra="allow")
#endif
