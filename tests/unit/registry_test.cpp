#include <algorithm>

#include <gtest/gtest.h>

#include "catalog/breaking_changes.h"
#include "catalog/version_matrix.h"
#include "rules/diagnostics.h"

namespace covet::catalog {
namespace {

Version v(const char* text) { return *Version::parse(text); }

std::vector<std::string> between(const char* from, const char* to) {
    std::vector<std::string> ids;
    for (const BreakingChange* change : breakingChangesBetween(v(from), v(to))) ids.push_back(change->id);
    return ids;
}

bool has(const std::vector<std::string>& ids, const char* id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

TEST(BreakingChanges, EveryEntryCanBeRead) {
    EXPECT_EQ(registryProblems(), std::vector<std::string>());
    EXPECT_GT(breakingChanges().size(), 25u);
}

TEST(BreakingChanges, AutomationIsARuleThatExists) {
    for (const BreakingChange& change : breakingChanges())
        for (const std::string& rule : change.rules)
            EXPECT_NE(rules::diagnostic(rule), nullptr) << change.id << " names " << rule;
}

TEST(BreakingChanges, RangeIsHalfOpen) {
    EXPECT_TRUE(has(between("0.1.x", "1.0.0"), "route_registry_database"));
    EXPECT_TRUE(has(between("0.1.0", "1.0.0"), "mock_data_removal"));
    EXPECT_FALSE(has(between("1.0.0", "1.1.0"), "route_registry_database"));
    EXPECT_TRUE(has(between("1.0.0", "1.1.0"), "sharding_config"));
    EXPECT_FALSE(has(between("0.1.x", "0.9.0"), "route_registry_database"));
}

TEST(BreakingChanges, RemovalCountsEvenWhenTheDeprecationIsOlder) {
    // Deprecated in 1.2.0, removed in 2.0.0.
    EXPECT_TRUE(has(between("1.2.0", "2.0.0"), "python_floor"));
}

TEST(BreakingChanges, OnlyAffectedVersionsAreConcerned) {
    EXPECT_TRUE(has(between("0.1.0b3", "0.1.0b4"), "coveterror_export"));
    EXPECT_FALSE(has(between("0.1.0a1", "0.1.0b4"), "coveterror_export"));
}

TEST(BreakingChanges, LevelRisesWithTheVersion) {
    const BreakingChange* change = breakingChange("legacy_route_decorator");
    ASSERT_NE(change, nullptr);
    EXPECT_EQ(change->levelIn(v("0.1.0")), DeprecationLevel::Info);
    EXPECT_EQ(change->levelIn(v("1.1.0")), DeprecationLevel::Error);
    EXPECT_EQ(change->levelIn(v("2.0.0")), DeprecationLevel::Critical);
    EXPECT_EQ(breakingChange("sync_handlers")->levelIn(v("1.0.0")), DeprecationLevel::Warning);
}

TEST(VersionMatrix, LinesAndServers) {
    ASSERT_NE(versionMatrix().line(v("1.2.7")), nullptr);
    EXPECT_EQ(versionMatrix().line(v("1.2.7"))->python, "3.10");
    EXPECT_EQ(versionMatrix().line(v("3.0")), nullptr);
    ASSERT_NE(versionMatrix().database("postgresql"), nullptr);
    EXPECT_LT(v("11.22"), versionMatrix().database("postgresql")->minimum);
    ASSERT_NE(versionMatrix().path("mock", "sqlite"), nullptr);
    EXPECT_EQ(versionMatrix().path("mock", "sqlite")->steps.size(), 5u);
}

} // namespace
} // namespace covet::catalog
