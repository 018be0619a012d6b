#include <gtest/gtest.h>

#include "project/ignore_rules.h"

using namespace covet::cli;

namespace {

bool ignored(const char* patterns, const char* path, bool isFolder = false) {
    IgnoreRules rules;
    rules.push(IgnoreFile("", patterns));
    return rules.ignores(path, isFolder);
}

} // namespace

// Expectations follow https://git-scm.com/docs/gitignore; tests/cli/test_walk.py compares random
// trees with git itself.

TEST(IgnoreRules, NamesMatchAtAnyDepthAnchoredOnesDoNot) {
    EXPECT_TRUE(ignored("a.py", "x/y/a.py"));
    EXPECT_TRUE(ignored("/a.py", "a.py"));
    EXPECT_FALSE(ignored("/a.py", "x/a.py"));
    EXPECT_TRUE(ignored("x/a.py", "x/a.py"));
    EXPECT_FALSE(ignored("x/a.py", "y/x/a.py"));
}

TEST(IgnoreRules, LastPatternWins) {
    EXPECT_FALSE(ignored("*.py\n!keep.py", "keep.py"));
    EXPECT_TRUE(ignored("!keep.py\n*.py", "keep.py"));
}

TEST(IgnoreRules, TrailingSlashMeansFolders) {
    EXPECT_TRUE(ignored("out/", "out", true));
    EXPECT_FALSE(ignored("out/", "out", false));
}

TEST(IgnoreRules, StarsAndClasses) {
    EXPECT_FALSE(ignored("a/*.py", "a/b/c.py"));
    EXPECT_TRUE(ignored("a/**/c.py", "a/c.py"));
    EXPECT_TRUE(ignored("a/**/c.py", "a/b/b/c.py"));
    EXPECT_TRUE(ignored("**/c.py", "c.py"));
    EXPECT_TRUE(ignored("a/**", "a/b/c"));
    EXPECT_FALSE(ignored("a/**", "a", true));
    EXPECT_TRUE(ignored("x[0-9].py", "x7.py"));
    EXPECT_FALSE(ignored("x[!0-9].py", "x7.py"));
    EXPECT_FALSE(ignored("a?b", "a/b"));
}

TEST(IgnoreRules, CommentsEscapesAndSpaces) {
    EXPECT_FALSE(ignored("#a.py", "#a.py"));
    EXPECT_TRUE(ignored("\\#a.py", "#a.py"));
    EXPECT_TRUE(ignored("\\!a.py", "!a.py"));
    EXPECT_TRUE(ignored("a.py   ", "a.py"));
    EXPECT_TRUE(ignored("a\\ ", "a "));
    EXPECT_TRUE(ignored("a.py\r\nb.py\r\n", "a.py"));
}

TEST(IgnoreRules, InnerFilesWinOverOuterOnes) {
    IgnoreRules rules;
    rules.push(IgnoreFile("", "*.py"));
    rules.push(IgnoreFile("sub/", "!mine.py"));
    EXPECT_FALSE(rules.ignores("sub/mine.py", false));
    EXPECT_TRUE(rules.ignores("mine.py", false));
    rules.pop();
    EXPECT_TRUE(rules.ignores("sub/mine.py", false));
}
