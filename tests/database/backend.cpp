#include "backend.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace covet::test {

using schema::Dialect;

std::string serverUrl(Dialect dialect) {
    const char* name =
        dialect == Dialect::Postgres ? "COVET_TEST_POSTGRES_URL" : "COVET_TEST_MYSQL_URL";
    const char* text = std::getenv(name);
    if (text == nullptr) {
        ADD_FAILURE() << name << " is not set: start this through tests/database/run.sh";
        return "";
    }
    return text;
}

std::string backendName(const ::testing::TestParamInfo<Dialect>& info) {
    return database::dialectName(info.param);
}

void BackendTest::SetUp() {
    static int counter = 0;
    const std::string name =
        "covet_test_" + std::to_string(getpid()) + "_" + std::to_string(++counter);
    folder_ = std::filesystem::temp_directory_path() / name;
    std::filesystem::create_directories(folder_);
    if (GetParam() == Dialect::Sqlite) {
        url_ = *database::parseUrl("sqlite:////" + folder_.substr(1) + "/shop.db");
        return;
    }
    const std::string server = serverUrl(GetParam());
    ASSERT_FALSE(server.empty());
    url_ = *database::parseUrl(server);
    auto admin = database::connect(url_);
    ASSERT_TRUE(admin.ok()) << admin.error().message;
    const Status made = (*admin)->execute("CREATE DATABASE " + (*admin)->quoted(name));
    ASSERT_TRUE(made.ok()) << made.error().message;
    url_.database = name;
}

void BackendTest::TearDown() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
    if (GetParam() == Dialect::Sqlite || url_.database.rfind("covet_test_", 0) != 0) return;
    auto admin = database::connect(*database::parseUrl(serverUrl(GetParam())));
    ASSERT_TRUE(admin.ok());
    const Status dropped = (*admin)->execute("DROP DATABASE " + (*admin)->quoted(url_.database));
    EXPECT_TRUE(dropped.ok()) << dropped.error().message; // fails if a session was left open
}

load::Request BackendTest::request(const Shop& shop, const std::string& runId) const {
    load::Request made;
    made.url = url_;
    made.projectDirectory = folder_;
    made.schema = shop.schema;
    made.rows = shop.rows;
    made.routes = shop.routes;
    made.runId = runId;
    return made;
}

std::unique_ptr<database::Connection> BackendTest::session() const {
    auto opened = database::connect(url_, database::Access::ReadWrite, true);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
}

void BackendTest::run(const std::string& sql) const {
    const Status done = session()->execute(sql);
    EXPECT_TRUE(done.ok()) << sql << ": " << done.error().message;
}

std::string BackendTest::single(const std::string& sql) const {
    const Result<Value> value = session()->single(sql);
    EXPECT_TRUE(value.ok()) << sql << ": " << value.error().message;
    return value ? value->text() : "";
}

std::vector<std::string> BackendTest::tables() const {
    if (GetParam() == Dialect::Sqlite && !std::filesystem::exists(url_.database)) return {};
    return *session()->tables();
}

std::string BackendTest::quoted(const std::string& name) const {
    return schema::quoteIdentifier(name, GetParam());
}

verify::Report BackendTest::compare(const Shop& shop) const {
    const auto connection = session();
    Result<verify::Report> report =
        verify::verifyDatabase(*connection, shop.schema, shop.rows, shop.routes);
    EXPECT_TRUE(report.ok()) << report.error().message;
    return report ? *report : verify::Report();
}

} // namespace covet::test
