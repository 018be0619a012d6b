#include "verify/table_comparison.h"

#include <unordered_map>

#include "load/read_ahead.h"
#include "support/strings.h"
#include "verify/cell_reader.h"
#include "verify/keyed_comparison.h"
#include "verify/row_report.h"

namespace covet::verify {
namespace {

constexpr uint64_t kProgressRows = 4096;

/// Takes stored rows one after the other.
class StoredRows {
public:
    virtual ~StoredRows() = default;
    /// False: no more of them, please.
    virtual bool row(const database::Row& stored) = 0;
};

/// Both sides in one order, as they are after a load that went well: nothing has to be kept. Gives
/// up at the first row that is not the next one.
class Lockstep : public StoredRows {
public:
    Lockstep(RowReport& report, const schema::TableRows& expected, bool allowExtra, Matches* matches)
        : report_(report), reader_(load::readAhead(expected)), allowExtra_(allowExtra), matches_(matches) {
        report.result.rows = expected.size();
        if (matches != nullptr) *matches = Matches{std::vector<bool>(expected.size()), std::vector<bool>(expected.size())};
    }

    bool row(const database::Row& stored) override {
        ++report_.result.found;
        if (!isAtEnd_) next_ = reader_->next();
        isAtEnd_ = next_ == nullptr;
        if (!isAtEnd_ && report_.takeAsIs(*next_, stored)) return matched(false);
        report_.read(stored, values_);
        if (isAtEnd_) {
            if (!allowExtra_) report_.extra(values_);
            return true;
        }
        isLost_ = !report_.sameKey(*next_, values_);
        if (isLost_) return false;
        const uint64_t before = report_.result.differences;
        report_.compare(*next_, values_);
        return matched(report_.result.differences > before);
    }

    bool isLost() const { return isLost_; }
    void finish() {
        while (!isAtEnd_ && (next_ = reader_->next()) != nullptr)
            report_.missing(*next_);
    }

private:
    bool matched(bool isDifferent) {
        if (matches_ != nullptr) {
            matches_->present[report_.result.found - 1] = true;
            matches_->different[report_.result.found - 1] = isDifferent;
        }
        return true;
    }

    RowReport& report_;
    std::unique_ptr<schema::RowReader> reader_;
    bool allowExtra_;
    Matches* matches_;
    const schema::RowValues* next_ = nullptr;
    bool isAtEnd_ = false;
    bool isLost_ = false;
    schema::RowValues values_;
};

/// Pairs the rows of a table without a key wherever they are, as a multiset. Holds all expected rows.
class Pairing : public StoredRows {
public:
    Pairing(RowReport& report, const schema::Table& table, const schema::TableRows& expected,
            bool allowExtra)
        : report_(report), table_(table), allowExtra_(allowExtra), keepsOrder_(keepsOrder(table)) {
        const auto reader = expected.read();
        while (const schema::RowValues* row = reader->next())
            expected_.push_back(*row);
        seen_.assign(expected_.size(), false);
        report.result.rows = expected_.size();
        byKey_.reserve(expected_.size());
        for (size_t i = 0; i < expected_.size(); ++i)
            byKey_.emplace(keyText(table, expected_[i]), i);
    }

    bool row(const database::Row& stored) override {
        ++report_.result.found;
        report_.read(stored, values_);
        const auto range = byKey_.equal_range(keyText(table_, values_));
        auto match = range.first;
        while (match != range.second && seen_[match->second])
            ++match;
        if (match == range.second) {
            if (!allowExtra_) report_.extra(values_);
            return true;
        }
        const size_t index = match->second;
        seen_[index] = true;
        if (index < highest_ && !outOfOrder_ && keepsOrder_) {
            outOfOrder_ = true;
            report_.outOfOrder(values_, index, highest_);
        }
        highest_ = std::max(highest_, index);
        report_.compare(expected_[index], values_);
        return true;
    }

    void finish() {
        for (size_t i = 0; i < expected_.size(); ++i)
            if (!seen_[i]) report_.missing(expected_[i]);
    }

private:
    RowReport& report_;
    const schema::Table& table_;
    bool allowExtra_;
    std::vector<schema::RowValues> expected_;
    std::vector<bool> seen_;
    std::unordered_multimap<std::string, size_t> byKey_;
    size_t highest_ = 0;
    bool outOfOrder_ = false;
    bool keepsOrder_;
    schema::RowValues values_;
};

Status readStored(database::Connection& connection, const schema::Table& table, uint64_t expected,
                  StoredRows& rows, const RowsRead& progress) {
    uint64_t read = 0;
    bool stopped = false;
    const Status done = connection.queryMany(selectSql(connection, table), expected, [&](database::Row& row) {
        if (!rows.row(row)) return false;
        if (++read % kProgressRows == 0 && progress && !progress(read)) stopped = true;
        return !stopped;
    });
    if (!done) return done;
    if (stopped) return database::makeError(database::code::kCancelled, "stopped on request");
    return Ok{};
}

} // namespace

void Findings::take(Report report) {
    report_.differenceCount += report.differenceCount - report.differences.size();
    for (Difference& difference : report.differences)
        add(std::move(difference));
}

void Findings::add(Difference difference) {
    ++report_.differenceCount;
    if (report_.differences.size() < maximum_) report_.differences.push_back(std::move(difference));
}

std::string keyText(const schema::Table& table, const std::vector<Value>& row) {
    std::string text;
    const auto append = [&](size_t i) {
        const std::string part = toPython(canonical(row[i], table.columns[i]));
        text += std::to_string(part.size()) + ":" + part;
    };
    const std::vector<size_t> key = keyColumns(table);
    for (const size_t i : key)
        append(i);
    if (key.empty())
        for (size_t i = 0; i < row.size(); ++i)
            append(i);
    return text;
}

std::string selectSql(const database::Connection& connection, const schema::Table& table) {
    std::vector<std::string> columns;
    for (const schema::Column& column : table.columns)
        columns.push_back(connection.quoted(column.name));
    std::string sql = "SELECT " + join(columns, ", ") + " FROM " + connection.quoted(table.name);
    std::vector<std::string> order;
    for (const std::string& name : table.orderBy)
        order.push_back(connection.quoted(name));
    if (!order.empty()) sql += " ORDER BY " + join(order, ", ");
    return sql;
}

Result<TableResult> compareTable(database::Connection& connection, const schema::Table& table,
                                 const schema::TableRows& expected, bool allowExtraRows,
                                 Findings& findings, const RowsRead& progress, Matches* matches) {
    Report inOrder;
    Findings found(inOrder, findings.maximum());
    RowReport report(table, found, connection.dialect());
    Lockstep lockstep(report, expected, allowExtraRows, matches);
    if (Status done = readStored(connection, table, expected.size(), lockstep, progress); !done) return done.error();
    if (!lockstep.isLost()) {
        lockstep.finish();
        findings.take(std::move(inOrder));
        return std::move(report.result);
    }
    RowReport paired(table, findings, connection.dialect());
    if (!table.primaryKey.empty()) {
        KeyedComparison keyed(connection, table, paired, allowExtraRows);
        if (Status done = keyed.run(expected, progress, matches); !done) return done.error();
        return std::move(paired.result);
    }
    Pairing pairing(paired, table, expected, allowExtraRows);
    if (Status done = readStored(connection, table, expected.size(), pairing, progress); !done) return done.error();
    pairing.finish();
    return std::move(paired.result);
}

namespace {

/// In any order: what the digest speaks for has one that its values tell.
std::string unorderedSql(const database::Connection& connection, const schema::Table& table) {
    schema::Table unordered = table;
    unordered.orderBy.clear();
    return selectSql(connection, unordered);
}

TableResult resultOf(const RowSum& stored, const schema::Table& table, const RowDigest& expected) {
    TableResult result;
    result.table = table.name;
    if (stored.rows() != expected.rows()) return result;
    std::string sum = stored.hex();
    if (sum != expected.hex()) return result;
    result.rows = result.found = expected.rows();
    result.values = result.rows * table.columns.size();
    result.checksum = std::move(sum);
    return result;
}

} // namespace

Result<TableResult> compareDigest(database::Connection& connection, const schema::Table& table,
                                  const RowDigest& expected, const RowsRead& progress) {
    TableResult unknown;
    unknown.table = table.name;
    if (!expected.isComplete()) return unknown;
    RowSum stored;
    bool stopped = false;
    const Status done = connection.queryCells(
        unorderedSql(connection, table), expected.rows(), [&](const std::vector<database::Cell>& row) {
            stored.add(row);
            stopped = stored.rows() % kProgressRows == 0 && progress && !progress(stored.rows());
            return !stopped;
        });
    if (!done) return done.error();
    if (stopped) return database::makeError(database::code::kCancelled, "stopped on request");
    return resultOf(stored, table, expected);
}

Result<std::vector<TableResult>> compareDigests(database::Connection& connection, const std::vector<DigestedTable>& tables) {
    std::vector<database::Select> selects;
    for (const DigestedTable& one : tables)
        selects.push_back({unorderedSql(connection, *one.table), one.expected->rows()});
    std::vector<RowSum> stored(tables.size());
    std::vector<database::Cell> cells;
    const Status done = connection.queryEach(selects, [&](size_t at, database::Row& row) {
        database::cellsOf(row, cells);
        stored[at].add(cells);
    });
    if (!done) return done.error();
    std::vector<TableResult> results;
    for (size_t i = 0; i < tables.size(); ++i)
        results.push_back(resultOf(stored[i], *tables[i].table, *tables[i].expected));
    return results;
}

} // namespace covet::verify
