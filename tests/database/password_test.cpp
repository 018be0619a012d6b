#include "backend.h"

#include "load/password_hash.h"

namespace covet::test {
namespace {

/// Rows whose passwords are hashed on their way into the database.
class Passwords : public BackendTest {
protected:
    static Shop users() {
        Shop made = shop();
        schema::Table table;
        table.name = "users";
        table.columns = {column("id", {schema::TypeKind::Integer}, "int"), column("name", {schema::TypeKind::Varchar, 40}, "str"),
                         column("password", {schema::TypeKind::Text}, "str", true)};
        table.columns[2].isPassword = true;
        table.primaryKey = table.orderBy = {"id"};
        made.schema.tables.push_back(table);
        made.rows.push_back({"users",
                             {{number(1), text("ann"), text("correct horse")},
                              {number(2), text("bob"), text("correct horse")},
                              {number(3), text("cy"), Value::null()},
                              {number(4), text("dan"), text("Grüße 🙂")},
                              {number(5), text("eve"), text("")}},
                             nullptr});
        return made;
    }
    std::string stored(int id) const { return single("SELECT password FROM users WHERE id = " + std::to_string(id)); }
};

TEST_P(Passwords, EachIsStoredAsASaltedHash) {
    const auto outcome = load::migrate(request(users()));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(stored(1).rfind("scrypt:32768:8:1$", 0), 0u) << stored(1);
    EXPECT_NE(stored(1), stored(2)) << "the same password has another salt";
    EXPECT_TRUE(load::isPasswordOf(stored(1), "correct horse"));
    EXPECT_FALSE(load::isPasswordOf(stored(1), "correct hors"));
    EXPECT_TRUE(load::isPasswordOf(stored(4), "Grüße 🙂"));
    EXPECT_TRUE(load::isPasswordOf(stored(5), ""));
    EXPECT_EQ(single("SELECT count(*) FROM users WHERE password IS NULL"), "1");
    EXPECT_TRUE(compare(users()).ok());
}

TEST_P(Passwords, ASecondRunFindsThemThere) {
    ASSERT_TRUE(load::migrate(request(users())).ok());
    const std::string before = stored(1);
    const auto outcome = load::migrate(request(users(), "run-2"));
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(stored(1), before);
}

TEST_P(Passwords, AnotherHashIsADifferenceThatTellsNoPassword) {
    ASSERT_TRUE(load::migrate(request(users())).ok());
    run("UPDATE users SET password = '" + *load::hashPassword("other") + "' WHERE id = 2");
    const verify::Report report = compare(users());
    ASSERT_EQ(report.differences.size(), 1u);
    EXPECT_EQ(report.differences[0].column, "password");
    EXPECT_EQ(verify::describe(report.differences[0]).find("horse"), std::string::npos);
}

TEST_P(Passwords, APasswordAsItIsIsADifference) {
    ASSERT_TRUE(load::migrate(request(users())).ok());
    run("UPDATE users SET password = 'correct horse' WHERE id = 1");
    EXPECT_FALSE(compare(users()).ok());
}

TEST_P(Passwords, AHashInTheWrongRowIsADifference) {
    ASSERT_TRUE(load::migrate(request(users())).ok());
    run("UPDATE users SET password = '" + stored(4) + "' WHERE id = 1");
    EXPECT_EQ(compare(users()).differences.size(), 1u);
}

COVET_ALL_BACKENDS(Passwords);

} // namespace
} // namespace covet::test
