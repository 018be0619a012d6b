#include "text/edit_set.h"

#include <gtest/gtest.h>

using namespace covet::text;

TEST(EditSet, AppliesInOnePass) {
    EditSet edits;
    ASSERT_TRUE(edits.add({{4, 7, "B"}, {0, 3, "A"}}));
    ASSERT_TRUE(edits.add({{7, 7, "!"}, {4, 4, "<"}}));
    EXPECT_EQ(edits.apply("one two six"), "A <B! six");
}

TEST(EditSet, RefusesOverlapWhole) {
    EditSet edits;
    ASSERT_TRUE(edits.add({{2, 6, "x"}}));
    auto status = edits.add({{8, 9, "y"}, {5, 7, "z"}});
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "overlapping-edits");
    EXPECT_EQ(edits.apply("0123456789"), "01x6789");
    EXPECT_FALSE(edits.add({{4, 4, "inside"}}));
    EXPECT_TRUE(edits.add({{2, 2, "["}, {6, 6, "]"}}));
    EXPECT_EQ(edits.apply("0123456789"), "01[x]6789");
}

TEST(EditSet, InsertsKeepTheirOrder) {
    EditSet edits;
    ASSERT_TRUE(edits.add({{1, 1, "a"}}));
    ASSERT_TRUE(edits.add({{1, 1, "b"}}));
    ASSERT_TRUE(edits.add({{1, 1, "a"}}));
    EXPECT_EQ(edits.apply("xy"), "xabay");
}

TEST(EditSet, SameReplacementOnce) {
    EditSet edits;
    ASSERT_TRUE(edits.add({{0, 1, "a"}}));
    ASSERT_TRUE(edits.add({{0, 1, "a"}}));
    EXPECT_FALSE(edits.add({{0, 1, "b"}}));
    EXPECT_EQ(edits.apply("xy"), "ay");
}

TEST(EditSet, TurnsLineEnds) {
    EditSet edits;
    ASSERT_TRUE(edits.add({{0, 0, "a\nb\r\nc\n"}}));
    EXPECT_EQ(edits.apply("x\r\n", "\r\n"), "a\r\nb\r\nc\r\nx\r\n");
}
