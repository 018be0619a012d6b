// Files that Python does not read for their indentation have an error; all others have none.

#include <gtest/gtest.h>

#include <string>

#include "syntax/tree.h"

namespace covet::syntax {
namespace {

/// 0 if there is none.
uint32_t lineOfError(const std::string& text) {
    const auto tree = Tree::parse(text);
    EXPECT_TRUE(tree);
    const auto error = tree ? (*tree)->firstError() : std::nullopt;
    return error ? error->line() : 0;
}

TEST(Indentation, AnUnindentThatMatchesNoOuterLevelIsAnError) {
    EXPECT_EQ(lineOfError("def f():\n        a()\n    b()\n"), 3u);
    EXPECT_EQ(lineOfError("def f():\n    if a:\n        b()\n      c()\n    d()\n"), 4u);
    EXPECT_EQ(lineOfError("try:\n    a()\n  except ValueError:\n    b()\n"), 3u);
    EXPECT_EQ(lineOfError("class A:\n    def f(self):\n        pass\n   def g(self):\n        pass\n"), 4u);
    EXPECT_EQ(lineOfError("  a = 1\n"), 1u);
}

TEST(Indentation, TabsAreNotMixedWithSpacesOfTheSameWidth) {
    EXPECT_EQ(lineOfError("if a:\n        b()\n\tc()\n"), 3u);
    EXPECT_EQ(lineOfError("if a:\n\tb()\n\tc()\n"), 0u);
    EXPECT_EQ(lineOfError("if a:\n\tif b:\n\t    c()\n\t    d()\n\telse:\n\t\te()\n"), 0u);
}

TEST(Indentation, WhatBeginsNoLineMayBeAnywhere) {
    EXPECT_EQ(lineOfError("if a: b(); c()\nelse: d()\n"), 0u);
    EXPECT_EQ(lineOfError("if a:\n    b(); \\\n  c()\n    d()\n"), 0u);
    EXPECT_EQ(lineOfError("if a: \\\n  b()\n"), 0u);
    EXPECT_EQ(lineOfError("if a:\n    b(1,\n2)\n  # comment\n    c()\n"), 0u);
    EXPECT_EQ(lineOfError("def f():\n    '''x\n  y'''\n    return 1\n"), 0u);
    EXPECT_EQ(lineOfError("\f\nif a:\n \f    b()\n    c()\n\f\nd()\n"), 0u);
    EXPECT_EQ(lineOfError("if a:\r\n    b()\r\n    c()\r\nelse:\r\n  d()\r\n"), 0u);
    EXPECT_EQ(lineOfError("match a:\n    case 1:\n        b()\n    case _:\n      c()\n"), 0u);
}

TEST(Indentation, AnEditedTextIsLookedAtAsAWhole) {
    std::string text;
    for (int number = 0; number < 40; ++number) text += "def f" + std::to_string(number) + "():\n    if a:\n        b()\n    c()\n\n\n";
    EXPECT_EQ(lineOfError(text), 0u);
    std::string edited = text;
    edited.insert(edited.rfind("    c()"), "  ");
    EXPECT_EQ(lineOfError(edited), 238u);
    EXPECT_EQ(lineOfError(text), 0u);
}

TEST(Indentation, WhatAnEditDoesToItsNeighboursIsSeen) {
    std::string text;
    for (int number = 0; number < 12; ++number) text += "a = 1\nif a:\n    b()\nelse:\n    c()\n";
    const auto lineOfFresh = [](const std::string& fresh) {
        static const std::string kLarge = "[\"" + std::string(5u << 20, 'x') + "\"]"; // more than all that is kept
        EXPECT_EQ(lineOfError(kLarge), 0u);
        return lineOfError(fresh);
    };
    for (const std::string added : {"  ", "x \\\n", "\n  "})
        for (size_t at = text.find("if a", text.size() / 2), line = 0; line < 7; at = text.find('\n', at) + 1, ++line) {
            const std::string edited = std::string(text).insert(at, added);
            const uint32_t wanted = lineOfFresh(edited);
            EXPECT_EQ(lineOfFresh(text), 0u);
            EXPECT_EQ(lineOfError(edited), wanted) << edited.substr(at - 20, 60);
        }
}

} // namespace
} // namespace covet::syntax
