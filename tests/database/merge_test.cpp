#include <fstream>

#include "backend.h"

namespace covet::test {
namespace {

using load::OnConflict;
using schema::TypeKind;

/// Rows that are made when they are read, so that holding them is somebody's choice.
class MadeRows : public schema::RowSource {
public:
    MadeRows(size_t count, size_t textSize) : count_(count), textSize_(textSize) {}
    size_t size() const override { return count_; }
    std::unique_ptr<schema::RowReader> read() const override { return std::make_unique<Reader>(*this); }

    static std::string region(size_t i) { return i % 2 == 0 ? "north" : "south"; }
    std::string note(size_t i) const { return "note " + std::to_string(i) + std::string(textSize_, 'x'); }

private:
    class Reader : public schema::RowReader {
    public:
        explicit Reader(const MadeRows& rows) : rows_(rows) {}
        const schema::RowValues* next() override {
            if (at_ == rows_.count_) return nullptr;
            row_ = {text(region(at_)), number(static_cast<int64_t>(at_)), text(rows_.note(at_))};
            ++at_;
            return &row_;
        }

    private:
        const MadeRows& rows_;
        size_t at_ = 0;
        schema::RowValues row_;
    };

    size_t count_, textSize_;
};

/// Loads of more rows than are looked up at once, into a table that has some of them.
class Merge : public BackendTest {
protected:
    static Shop readings(size_t count, size_t textSize = 0) {
        Shop made;
        schema::Table table;
        table.name = "readings";
        table.columns = {column("region", {TypeKind::Varchar, 20}, "str"), column("number", {TypeKind::Integer}, "int"),
                         column("note", {TypeKind::Text}, "str")};
        table.primaryKey = {"region", "number"}; // which sorts them in another order than they come in
        table.orderBy = {"region", "number"};
        table.columns[0].role = schema::ColumnRole::Value; // so that this order is nobody's
        made.schema.tables = {table};
        made.rows = {{"readings", {}, std::make_shared<MadeRows>(count, textSize)}};
        return made;
    }

    /// The table with every third row, each sixth of them with another note, and one row more.
    void fill(const Shop& made, const MadeRows& rows) {
        run(schema::createTableSql(made.schema.tables[0], GetParam()));
        const auto insert = [&](const std::string& region, size_t i, const std::string& note) {
            return "('" + region + "', " + std::to_string(i) + ", '" + note + "')";
        };
        std::string values;
        for (size_t i = 0; i < rows.size(); i += 3) {
            values += (values.empty() ? "" : ", ") + insert(MadeRows::region(i), i, i % 6 == 0 ? "other" : rows.note(i));
            if (i % 300 != 0) continue;
            run("INSERT INTO readings VALUES " + values);
            values.clear();
        }
        if (!values.empty()) run("INSERT INTO readings VALUES " + values);
        run("INSERT INTO readings VALUES " + insert("west", 1, "theirs"));
    }
};

constexpr size_t kRows = 1503; // three times what is looked up at once, and a little

TEST_P(Merge, SkipAddsWhatIsMissing) {
    const Shop made = readings(kRows);
    fill(made, MadeRows(kRows, 0));
    load::Request skip = request(made);
    skip.onConflict = OnConflict::Skip;
    const auto outcome = load::migrate(skip);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.tables[0].rows, 1002u);
    EXPECT_EQ(outcome->load.tables[0].skipped, 501u);
    EXPECT_EQ(outcome->verification.tables[0].rows, 1002u);
    EXPECT_EQ(single("SELECT count(*) FROM readings"), "1504");
    EXPECT_EQ(single("SELECT count(*) FROM readings WHERE note = 'other'"), "251");
}

TEST_P(Merge, UpdateWritesWhatIsDifferent) {
    const Shop made = readings(kRows);
    fill(made, MadeRows(kRows, 0));
    load::Request update = request(made);
    update.onConflict = OnConflict::Update;
    const auto outcome = load::migrate(update);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.tables[0].rows, 1002u + 251u);
    EXPECT_EQ(outcome->load.tables[0].skipped, 250u);
    EXPECT_EQ(outcome->verification.tables[0].rows, kRows);
    EXPECT_EQ(single("SELECT count(*) FROM readings WHERE note = 'other'"), "0");
    EXPECT_EQ(single("SELECT note FROM readings WHERE region = 'west'"), "theirs");
    EXPECT_EQ(single("SELECT count(*) FROM readings"), "1504");
}

TEST_P(Merge, UpdateKeepsEveryKindOfValue) {
    const Shop made = everything(GetParam());
    ASSERT_TRUE(load::migrate(request(made)).ok());
    run("UPDATE everything SET big = 77, huge = NULL, ratio = 0, price = NULL, exact = NULL, words = 'x', short = NULL, day = NULL, "
        "clock = NULL, moment = NULL, instant = NULL, offset_text = NULL, uid = NULL, uid_text = NULL, document = NULL, raw = NULL");
    load::Request update = request(made, "run-2");
    update.onConflict = OnConflict::Update;
    const auto outcome = load::migrate(update);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.tables[0].rows, made.rows[0].size());
    EXPECT_TRUE(compare(made).ok());
}

TEST_P(Merge, TheSameRowsInAnotherOrderAreNothingToDo) {
    const Shop made = readings(kRows);
    ASSERT_TRUE(load::migrate(request(made)).ok());
    const auto again = load::migrate(request(made, "run-2"));
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_TRUE(again->load.nothingToDo);
}

TEST_P(Merge, OneRowTooManyIsNamedAmongMany) {
    const Shop made = readings(kRows);
    ASSERT_TRUE(load::migrate(request(made)).ok());
    run("INSERT INTO readings VALUES ('west', 77, 'theirs')");
    const verify::Report report = compare(made);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.differences[0].kind, "extra-row");
    EXPECT_EQ(report.differences[0].key, "region=\"west\", number=77");
    run("DELETE FROM readings WHERE number = 1000");
    EXPECT_EQ(compare(made).differenceCount, 2u);
}

COVET_ALL_BACKENDS(Merge);

/// Most memory that the process had since forgetPeak(), in MB.
size_t peakMemory() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:") {
            size_t kilobytes = 0;
            status >> kilobytes;
            return kilobytes / 1024;
        }
    return 0;
}

void forgetPeak() {
    std::ofstream("/proc/self/clear_refs") << "5";
}

class MergeMemory : public Merge {};

TEST_P(MergeMemory, DoesNotGrowWithTheRows) {
    constexpr size_t kMany = 60000; // of 2 KB: 120 MB
    Shop made = readings(kMany, 2000);
    made.schema.tables[0].orderBy.clear();
    ASSERT_TRUE(load::migrate(request(made)).ok());
    run("UPDATE readings SET note = 'other'");
    load::Request update = request(made, "run-2");
    update.onConflict = OnConflict::Update;
    forgetPeak();
    const size_t before = peakMemory();
    const auto outcome = load::migrate(update);
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.tables[0].rows, kMany);
    EXPECT_LT(peakMemory() - before, 40u) << "MB";
}

class MergePrivileges : public Merge {};

TEST_P(MergePrivileges, RowsAreUpdatedWithoutTheOneForTemporaryTables) {
    const Shop made = readings(kRows);
    fill(made, MadeRows(kRows, 0));
    const std::string database = session()->quoted(url_.database);
    run("CREATE USER guest IDENTIFIED BY 'guest'");
    run("GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, DROP, INDEX, REFERENCES ON " + database + ".* TO guest");
    load::Request update = request(made);
    update.onConflict = OnConflict::Update;
    update.url.user = "guest";
    update.url.password = "guest";
    const auto outcome = load::migrate(update);
    run("DROP USER guest");
    ASSERT_TRUE(outcome.ok()) << outcome.error().message;
    EXPECT_EQ(outcome->load.tables[0].rows, 1002u + 251u);
    EXPECT_EQ(single("SELECT count(*) FROM readings WHERE note = 'other'"), "0");
}

INSTANTIATE_TEST_SUITE_P(Databases, MergePrivileges, ::testing::Values(schema::Dialect::Mysql), backendName);
INSTANTIATE_TEST_SUITE_P(Databases, MergeMemory, ::testing::Values(schema::Dialect::Sqlite), backendName);

} // namespace
} // namespace covet::test
