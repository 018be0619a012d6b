#include "backend.h"

namespace covet::test {
namespace {

/// What a server of MySQL says when something is wrong with it.
class MysqlErrors : public BackendTest {};

TEST_P(MysqlErrors, AFullDiskIsNamedWhateverTheNumberOfTheError) {
    const Shop made = shop();
    for (const schema::Table& table : made.schema.tables)
        run(schema::createTableSql(table, GetParam()));
    const std::pair<const char*, const char*> errors[] = {
        {"1114", "The table is full"},
        {"1030", "Got error 28 \"No space left on device\" from storage engine InnoDB"},
        {"1026", "Error writing file /tmp/MLzuQ (Errcode: 28 \"No space left on device\")"},
        {"1005", "Cannot create table customers (errno: 28)"}};
    for (const auto& [number, message] : errors) {
        run(std::string("CREATE TRIGGER full BEFORE INSERT ON customers FOR EACH ROW SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ") +
            number + ", MESSAGE_TEXT = '" + message + "'");
        const auto outcome = load::migrate(request(made));
        ASSERT_FALSE(outcome.ok()) << message;
        EXPECT_EQ(outcome.error().code, database::code::kInputOutput) << outcome.error().message;
        EXPECT_NE(outcome.error().hint.find("space"), std::string::npos) << outcome.error().message;
        run("DROP TRIGGER full");
    }
    EXPECT_TRUE(load::migrate(request(made)).ok());
}

INSTANTIATE_TEST_SUITE_P(Databases, MysqlErrors, ::testing::Values(schema::Dialect::Mysql), backendName);

} // namespace
} // namespace covet::test
