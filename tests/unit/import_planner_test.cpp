#include <gtest/gtest.h>

#include "rules/import_planner.h"

namespace covet::rules {
namespace {

std::string planned(const std::string& text, const std::vector<ImportRequest>& wanted,
                    const std::vector<std::string>& drop = {}) {
    return *planImports(text, wanted, drop, {});
}

TEST(ImportPlanner, MergesIntoOneLine) {
    EXPECT_EQ(planned("from a import x\n\ny = x\n", {{"a", "z", ""}}), "from a import x, z\n\ny = x\n");
}

TEST(ImportPlanner, KeepsCommentsAndLayoutOfSeveralLines) {
    EXPECT_EQ(planned("from store import (\n    items,  # the stock\n    users,\n)\n\nprint(users)\n",
                      {{"store", "Item", ""}}, {"items"}),
              "from store import (\n    users,\n    Item,\n)\n\nprint(users)\n");
    EXPECT_EQ(planned("from store import (  # noqa\n    items,  # kept\n    users  # last\n)\nprint(items, users)\n",
                      {{"store", "Item", ""}}),
              "from store import (  # noqa\n    items,  # kept\n    users,  # last\n    Item,\n)\nprint(items, users)\n");
    EXPECT_EQ(planned("from store import (a, b,\n                   c)\nprint(a, c)\n", {{"store", "d", ""}}, {"b"}),
              "from store import (a, \n                   c, d)\nprint(a, c)\n");
    EXPECT_EQ(planned("from store import (a,\n                   c)\nprint(a)\n", {}, {"c"}),
              "from store import (a)\nprint(a)\n");
}

TEST(ImportPlanner, RemovesAStatementThatNothingIsLeftOf) {
    EXPECT_EQ(planned("import json\nfrom store import (\n    a,\n    b,\n)\nx = json\n", {}, {"a", "b"}),
              "import json\nx = json\n");
}

TEST(ImportPlanner, GoesAfterDocstringAndFuture) {
    EXPECT_EQ(planned("#!/usr/bin/env python\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nx = 1\n",
                      {{"a", "b", ""}}),
              "#!/usr/bin/env python\n\"\"\"Doc.\"\"\"\nfrom __future__ import annotations\nfrom a import b\nx = 1\n");
}

TEST(ImportPlanner, StandsAheadOfItsFirstUseBetweenImports) {
    EXPECT_EQ(planned("from a import App\n\napp = App()\nuse(app)\n\nfrom b import c\n", {{"b", "use", ""}, {"b", "d", ""}}),
              "from a import App\nfrom b import use\n\napp = App()\nuse(app)\n\nfrom b import c, d\n");
    EXPECT_EQ(planned("import sys\nsys.path.append(\"lib\")\nuse(1)\nimport os\n", {{"b", "use", ""}}),
              "import sys\nsys.path.append(\"lib\")\nfrom b import use\n\nuse(1)\nimport os\n");
}

} // namespace
} // namespace covet::rules
