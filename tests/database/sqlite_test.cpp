#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "backend.h"

namespace covet::test {
namespace {

namespace fs = std::filesystem;

/// What only a database in a file can do.
class SqliteFile : public BackendTest {
protected:
    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder_))
            names.push_back(entry.path().filename());
        std::sort(names.begin(), names.end());
        return names;
    }
    load::Request at(const std::string& url) const {
        load::Request made = request(shop());
        made.url = *database::parseUrl(url);
        return made;
    }
};

TEST_P(SqliteFile, RelativePathsAreInsideTheProject) {
    const auto outcome = load::migrate(at("sqlite:///data.db"));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(files(), std::vector<std::string>{"data.db"});
}

TEST_P(SqliteFile, AMissingFolderIsNamed) {
    const auto outcome = load::migrate(at("sqlite:///no/such/shop.db"));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(database::exitStatus(outcome.error()), 6);
    EXPECT_NE(outcome.error().hint.find("mkdir"), std::string::npos);
    EXPECT_TRUE(files().empty());
}

TEST_P(SqliteFile, MemoryAndFoldersAreRefused) {
    EXPECT_EQ(load::migrate(at("sqlite://")).error().code, database::code::kPreflight);
    fs::create_directory(folder_ + "/shop.db");
    EXPECT_EQ(load::migrate(request(shop())).error().code, database::code::kInputOutput);
}

TEST_P(SqliteFile, AnEmptyFileIsTakenOver) {
    std::ofstream(url_.database).close();
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    EXPECT_TRUE(compare(shop()).ok());
}

TEST_P(SqliteFile, WhatIsNoDatabaseStaysAsItIs) {
    std::ofstream(url_.database)
        << "these are my notes, at least a hundred bytes of them, so that the "
           "file is longer than the header of a database file would be";
    const auto before = fs::file_size(url_.database);
    const auto outcome = load::migrate(request(shop()));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(database::exitStatus(outcome.error()), 2) << outcome.error().message;
    EXPECT_EQ(fs::file_size(url_.database), before);
    EXPECT_EQ(files(), std::vector<std::string>{"shop.db"});
}

TEST_P(SqliteFile, ALinkLeadsToTheFile) {
    fs::create_directory(folder_ + "/data");
    fs::create_symlink("data/real.db", url_.database);
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    EXPECT_TRUE(fs::is_symlink(url_.database));
    EXPECT_TRUE(fs::is_regular_file(folder_ + "/data/real.db"));
}

TEST_P(SqliteFile, AFailureLeavesNoFile) {
    Shop made = shop();
    made.rows[1].rows[0][1] = number(99); // refers to nothing
    ASSERT_FALSE(load::migrate(request(made)).ok());
    EXPECT_TRUE(files().empty());
}

TEST_P(SqliteFile, TwoRunsDoNotMeet) {
    const int descriptor = open((url_.database + ".covet-partial").c_str(), O_RDWR | O_CREAT, 0600);
    ASSERT_EQ(flock(descriptor, LOCK_EX), 0);
    const auto outcome = load::migrate(request(shop()));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(database::exitStatus(outcome.error()), 7) << outcome.error().message;
    close(descriptor);
    EXPECT_TRUE(load::migrate(request(shop())).ok());
    EXPECT_EQ(files(), std::vector<std::string>{"shop.db"});
}

TEST_P(SqliteFile, AFileThatAppearsDuringTheLoadIsKept) {
    auto migration = load::Migration::open(request(shop()));
    ASSERT_TRUE(migration.ok());
    ASSERT_TRUE((*migration)->load().ok());
    ASSERT_TRUE((*migration)->verify()->ok());
    std::ofstream(url_.database) << "somebody else's";
    const auto published = (*migration)->publish();
    ASSERT_FALSE(published.ok());
    EXPECT_EQ(published.error().code, database::code::kConflict);
    EXPECT_EQ(fs::file_size(url_.database), 15u);
    migration->reset();
    EXPECT_EQ(files(), std::vector<std::string>{"shop.db"});
}

TEST_P(SqliteFile, AKilledLoadLeavesNothingInTheWay) {
    for (const bool exists : {false, true}) {
        if (exists) run("CREATE TABLE mine (a integer)");
        const pid_t child = fork();
        if (child == 0) {
            auto migration = load::Migration::open(request(shop()));
            const bool loaded = migration.ok() && (*migration)->load().ok();
            raise(loaded ? SIGKILL : SIGTERM);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        EXPECT_EQ(tables(), exists ? std::vector<std::string>{"mine"} : std::vector<std::string>{});
        const auto outcome = load::migrate(request(shop()));
        ASSERT_TRUE(outcome.ok()) << outcome.error().message;
        EXPECT_TRUE(compare(shop()).ok());
        ASSERT_TRUE(load::undo(url_, "run-1").ok());
    }
    EXPECT_EQ(tables(), std::vector<std::string>{"mine"});
}

TEST_P(SqliteFile, ABusyDatabaseIsNamed) {
    run("CREATE TABLE mine (a integer)");
    const auto writer = session();
    ASSERT_TRUE(writer->begin().ok());
    const auto outcome = load::migrate(request(shop())); // waits for five seconds
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(database::exitStatus(outcome.error()), 7) << outcome.error().message;
}

TEST_P(SqliteFile, TablesAreStrictAndTheFileIsSound) {
    ASSERT_TRUE(load::migrate(request(shop())).ok());
    EXPECT_EQ(single("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(single("SELECT count(*) FROM pragma_table_list WHERE strict AND name IN "
                     "('customers', 'orders', 'covet_routes', 'covet_migrations')"),
              "4");
    struct stat status {};
    ASSERT_EQ(stat(url_.database.c_str(), &status), 0);
    EXPECT_EQ(status.st_nlink, 1u);
}

INSTANTIATE_TEST_SUITE_P(Databases, SqliteFile, ::testing::Values(schema::Dialect::Sqlite),
                         backendName);

} // namespace
} // namespace covet::test
