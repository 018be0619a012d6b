#pragma once

#include <gtest/gtest.h>

#include <string>

#include "load/loader.h"
#include "load/undo.h"
#include "shop.h"

namespace covet::test {

/// A test that runs once per database, each time in an empty one of its own.
class BackendTest : public ::testing::TestWithParam<schema::Dialect> {
protected:
    void SetUp() override;
    void TearDown() override;

    load::Request request(const Shop& shop, const std::string& runId = "run-1") const;
    /// A session to look and to meddle with.
    std::unique_ptr<database::Connection> session() const;
    /// Runs SQL that must succeed.
    void run(const std::string& sql) const;
    std::string single(const std::string& sql) const;
    /// Tables in the database; none when there is no database file.
    std::vector<std::string> tables() const;
    std::string quoted(const std::string& name) const;
    /// Compares the database with the shop.
    verify::Report compare(const Shop& shop) const;

    database::Url url_;
    std::string folder_; // of the test, for SQLite files
};

/// The administrator's URL of a server from the environment; fails the test when it is not set.
std::string serverUrl(schema::Dialect dialect);

std::string backendName(const ::testing::TestParamInfo<schema::Dialect>& info);

#define COVET_ALL_BACKENDS(suite)                                                                  \
    INSTANTIATE_TEST_SUITE_P(Databases, suite,                                                     \
                             ::testing::Values(schema::Dialect::Sqlite, schema::Dialect::Postgres, \
                                               schema::Dialect::Mysql),                            \
                             backendName)

} // namespace covet::test
