#include <gtest/gtest.h>

#include "evaluated_state.h"

using covet::syntax::StoreState;
using covet::tests::stateOf;

TEST(PydanticEvaluator, CoercesAsItWould) {
    const StoreState state = stateOf(
        "from pydantic import BaseModel, Field\nfrom typing import Optional\n"
        "class Item(BaseModel):\n    id: int\n    price: float\n    note: Optional[str] = None\n"
        "    tags: list[str] = Field(default_factory=list)\n"
        "x = {1: Item(id='1', price=25)}\n");
    ASSERT_TRUE(state.value.has_value()) << state.opaqueReason;
    EXPECT_EQ(toPython(*state.value), "{1: Item(id=1, price=25.0, note=None, tags=[])}");
}

TEST(PydanticEvaluator, RunsValidatorsAndCopies) {
    const StoreState state = stateOf(
        "from pydantic import BaseModel, field_validator, model_validator\n"
        "class Item(BaseModel):\n    id: int | None = None\n    name: str\n    total: int = 0\n"
        "    @field_validator('name')\n    @classmethod\n    def clean(cls, v):\n"
        "        if not v.strip():\n            raise ValueError('blank')\n        return v.title()\n"
        "    @field_validator('total', mode='before')\n    @classmethod\n    def whole(cls, v: object):\n"
        "        return v.replace(' ', '') if isinstance(v, str) else v\n"
        "    @model_validator(mode='after')\n    def check(self):\n        if self.total < 0:\n"
        "            raise ValueError('negative')\n        return self\n"
        "class Gift(Item):\n    @field_validator('name')\n    @classmethod\n    def clean(cls, v):\n        return v.upper()\n"
        "first = Item(name='a bolt', total='1 000')\n"
        "second = first.model_copy(update={'id': 7})\n"
        "x = [first, second, Gift(name='pen'), second.model_dump(exclude={'id'}), first.model_dump(exclude_none=True)]\n"
        "for bad in [' ', 'c']:\n    try:\n        x.append(Item(name=bad, total=-1))\n"
        "    except ValueError:\n        x.append(bad)\n");
    ASSERT_TRUE(state.value.has_value()) << state.opaqueReason;
    EXPECT_EQ(toPython(*state.value),
              "[Item(id=None, name=\"A Bolt\", total=1000), Item(id=7, name=\"A Bolt\", total=1000), Gift(id=None, name=\"PEN\", "
              "total=0), {\"name\": \"A Bolt\", \"total\": 1000}, {\"name\": \"A Bolt\", \"total\": 1000}, \" \", \"c\"]");
}

TEST(PydanticEvaluator, DefaultsAreNotTheirAttributes) {
    const StoreState state = stateOf(
        "from pydantic import BaseModel\nimport somewhere\n"
        "class Item(BaseModel):\n    tags: list[str] = []\n"
        "somewhere.register(Item)\nx = [Item()]\n");
    ASSERT_TRUE(state.value.has_value()) << state.opaqueReason;
    EXPECT_EQ(toPython(*state.value), "[Item(tags=[])]");
}

TEST(PydanticEvaluator, LeavesUnknownValidatorsOpen) {
    const StoreState state = stateOf(
        "from pydantic import BaseModel, field_validator, model_validator\n"
        "class Item(BaseModel):\n    name: str\n    total: int = 0\n"
        "    @field_validator('name')\n    @classmethod\n    def clean(cls, v, info):\n        return v.title()\n"
        "class Raw(BaseModel):\n    name: str\n"
        "    @model_validator(mode='before')\n    @classmethod\n    def all(cls, data):\n        return {'name': 'x'}\n"
        "x = [Item(name='a', total=1), Raw(name='a')]\n");
    ASSERT_TRUE(state.value.has_value()) << state.opaqueReason;
    EXPECT_TRUE(state.value->items()[0].find("name")->isOpaque());
    EXPECT_FALSE(state.value->items()[0].find("total")->isOpaque());
    EXPECT_TRUE(state.value->items()[1].find("name")->isOpaque());
}
