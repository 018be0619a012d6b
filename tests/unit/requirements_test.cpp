#include <gtest/gtest.h>

#include "catalog/version.h"
#include "emit/requirement_files.h"

namespace covet::emit {
namespace {

RequirementPlan plan() {
    RequirementPlan plan;
    for (const char* text : {"covetpy>=1.0.0", "sqlalchemy[asyncio]>=2.0", "aiosqlite>=0.17"})
        plan.wanted.push_back({*parseRequirement(text), "needed"});
    plan.replacements.push_back({"aioredis", *parseRequirement("redis>=5"), "abandoned"});
    plan.removed.push_back("covet");
    return plan;
}

std::string txt(const std::string& text) { return editRequirementsTxt(text, plan(), true).text; }

TEST(Versions, WildcardsLabelsAndRanges) {
    using catalog::Version;
    auto v = [](const char* text) { return *Version::parse(text); };
    EXPECT_TRUE(v("0.1.x").matches(v("0.1.0b4")));
    EXPECT_FALSE(v("0.1.x").matches(v("0.10.0")));
    EXPECT_LT(v("0.2.0-sprint1"), v("0.2.0"));
    EXPECT_LT(v("0.9.0-beta"), v("0.9.0rc1"));
    EXPECT_LT(v("1.9"), v("1.10"));
    EXPECT_EQ(v("2.0"), v("2.0.0"));
    EXPECT_LT(v("1.0"), v("1.0.post1"));
    EXPECT_FALSE(Version::parse("latest"));
    // Half-open: what came with the version one comes from is not new.
    EXPECT_FALSE(catalog::isBetween(v("1.0.0"), v("1.0.0"), v("1.1.0")));
    EXPECT_TRUE(catalog::isBetween(v("0.1.x"), v("1.0.0"), v("1.0.0")));
    EXPECT_FALSE(catalog::isBetween(v("0.1.x"), v("0.1.0b4"), v("1.0.0")));
}

TEST(Requirements, NamesAreComparedNormalised) {
    EXPECT_EQ(normalisedName("Flask_SQLAlchemy"), "flask-sqlalchemy");
    EXPECT_EQ(normalisedName("zope.interface"), "zope-interface");
}

TEST(Requirements, OrderCommentsMarkersAndOptionsStay) {
    EXPECT_EQ(txt("# web\n-r base.txt\n-e ./lib\nuvicorn[standard]>=0.20  # server\n\n"
                  "SQLAlchemy == 1.4.49 ; python_version < '3.12'  # orm\nrequests"),
              "# web\n-r base.txt\n-e ./lib\nuvicorn[standard]>=0.20  # server\n\n"
              "SQLAlchemy[asyncio]>=2.0 ; python_version < '3.12'  # orm\nrequests\n"
              "covetpy>=1.0.0\naiosqlite>=0.17\n");
}

TEST(Requirements, WhatIsNewEnoughIsKept) {
    EXPECT_EQ(txt("covetpy==1.0.2\nsqlalchemy[asyncio]~=2.0.20\naiosqlite>=0.19\n"),
              "covetpy==1.0.2\nsqlalchemy[asyncio]~=2.0.20\naiosqlite>=0.19\n");
    EXPECT_EQ(txt("covetpy>=1.0.0\nsqlalchemy>=1.4,<3,!=2.0.1\naiosqlite>=0.19\n"),
              "covetpy>=1.0.0\nsqlalchemy[asyncio]>=2.0,<3,!=2.0.1\naiosqlite>=0.19\n");
}

TEST(Requirements, ConflictsAreSaid) {
    RequirementEdit edit = editRequirementsTxt("sqlalchemy<2\n", plan(), false);
    EXPECT_EQ(edit.text, "sqlalchemy[asyncio]>=2.0\n");
    ASSERT_EQ(edit.changes.size(), 1u);
    EXPECT_TRUE(edit.changes[0].conflict);
    edit = editRequirementsTxt("sqlalchemy~=1.4.2\n", plan(), false);
    EXPECT_TRUE(edit.changes.at(0).conflict);
}

TEST(Requirements, AbandonedAndSupersededPackagesGo) {
    EXPECT_EQ(editRequirementsTxt("aioredis>=2 # cache\ncovet==0.1.0b4\nzzz\n", plan(), false).text,
              "redis>=5 # cache\nzzz\n");
}

TEST(Requirements, CarriageReturnsStay) {
    EXPECT_EQ(editRequirementsTxt("a\r\nsqlalchemy\r\n", plan(), false).text,
              "a\r\nsqlalchemy[asyncio]>=2.0\r\n");
    EXPECT_EQ(txt("a\r\n"), "a\r\ncovetpy>=1.0.0\r\nsqlalchemy[asyncio]>=2.0\r\naiosqlite>=0.17\r\n");
}

TEST(Requirements, HashedFilesAreNotTouched) {
    const std::string text = "a==1 \\\n    --hash=sha256:00\n";
    RequirementEdit edit = editRequirementsTxt(text, plan(), true);
    EXPECT_TRUE(edit.locked);
    EXPECT_EQ(edit.text, text);
    EXPECT_EQ(edit.changes.size(), 3u);
}

TEST(Requirements, IncludesAreFound) {
    EXPECT_EQ(includedFiles("-r base.txt # x\n--requirement=dev.txt\n-c c.txt\n"),
              (std::vector<std::string>{"base.txt", "dev.txt"}));
}

TEST(Requirements, ProjectTable) {
    EXPECT_EQ(editPyproject("[project]\nname = \"x\"\ndependencies = [\n    \"flask>=2\", # web [old]\n"
                            "    \"SQLAlchemy>=1.4; python_version>'3'\",\n]\n[tool.x]\na = 1\n",
                            plan(), true)
                  .text,
              "[project]\nname = \"x\"\ndependencies = [\n    \"flask>=2\", # web [old]\n"
              "    \"SQLAlchemy[asyncio]>=2.0; python_version>'3'\",\n    \"covetpy>=1.0.0\",\n"
              "    \"aiosqlite>=0.17\",\n]\n[tool.x]\na = 1\n");
    EXPECT_EQ(editPyproject("[project]\ndependencies = []\n", plan(), true).text,
              "[project]\ndependencies = [\"covetpy>=1.0.0\", \"sqlalchemy[asyncio]>=2.0\", "
              "\"aiosqlite>=0.17\"]\n");
    EXPECT_FALSE(editPyproject("[tool.black]\nline-length = 100\n", plan(), true).declares);
}

TEST(Requirements, PoetryTable) {
    EXPECT_EQ(editPyproject("[tool.poetry.dependencies]\npython = \"^3.9\"\nsqlalchemy = \"^1.4\"\n"
                            "aiosqlite = {version = \"^0.19\", optional = true}\n\n[tool.poetry.group.dev]\n",
                            plan(), true)
                  .text,
              "[tool.poetry.dependencies]\npython = \"^3.9\"\n"
              "sqlalchemy = {version = \">=2.0\", extras = [\"asyncio\"]}\n"
              "aiosqlite = {version = \"^0.19\", optional = true}\ncovetpy = \">=1.0.0\"\n\n"
              "[tool.poetry.group.dev]\n");
}

TEST(Requirements, Pipfile) {
    EXPECT_EQ(editPipfile("[packages]\nflask = \"*\"\naioredis = \"*\"\n\n[dev-packages]\n", plan(), true).text,
              "[packages]\nflask = \"*\"\nredis = \">=5\"\ncovetpy = \">=1.0.0\"\n"
              "sqlalchemy = {version = \">=2.0\", extras = [\"asyncio\"]}\naiosqlite = \">=0.17\"\n\n"
              "[dev-packages]\n");
}

TEST(Requirements, SetupCfg) {
    EXPECT_EQ(editSetupCfg("[metadata]\nname = x\n\n[options]\ninstall_requires =\n  flask>=2\n  sqlalchemy\n"
                           "zip_safe = no\n",
                           plan(), true)
                  .text,
              "[metadata]\nname = x\n\n[options]\ninstall_requires =\n  flask>=2\n"
              "  sqlalchemy[asyncio]>=2.0\n  covetpy>=1.0.0\n  aiosqlite>=0.17\nzip_safe = no\n");
    EXPECT_FALSE(editSetupCfg("[metadata]\nname = x\n", plan(), true).declares);
}

} // namespace
} // namespace covet::emit
