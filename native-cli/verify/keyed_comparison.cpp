#include "verify/keyed_comparison.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include "load/read_ahead.h"
#include "load/table_writer.h"
#include "support/strings.h"

namespace covet::verify {
namespace {

constexpr size_t kBatchRows = 500;          // MariaDB makes a table of its own of 1000
constexpr size_t kBatchParameters = 30000;  // SQLite takes 32766
constexpr size_t kBatchBytes = 4 * 1024 * 1024;
constexpr uint64_t kHeldKeys = 1024 * 1024; // hashes, 8 bytes each

} // namespace

KeyedComparison::KeyedComparison(database::Connection& connection, const schema::Table& table, RowReport& report,
                                 bool allowExtraRows)
    : connection_(connection), table_(table), report_(report), allowExtra_(allowExtraRows), keepsOrder_(keepsOrder(table)),
      key_(keyColumns(table)) {}

bool KeyedComparison::isFull(const Batch& batch) const {
    const size_t most = std::max<size_t>(2, std::min(kBatchRows, kBatchParameters / key_.size()));
    return batch.rows.size() >= most || (batch.bytes >= kBatchBytes && batch.rows.size() > batch.compared);
}

Status KeyedComparison::run(const schema::TableRows& expected, const RowsRead& progress, Matches* matches) {
    report_.result.rows = expected.size();
    if (matches != nullptr) *matches = Matches{std::vector<bool>(expected.size()), std::vector<bool>(expected.size())};
    const auto reader = load::readAhead(expected);
    Batch batch;
    const schema::RowValues* row = reader->next();
    while (row != nullptr) {
        batch.rows.push_back(*row);
        batch.keys.push_back(keyText(table_, *row));
        for (const Value& value : *row)
            batch.bytes += value.text().size();
        row = reader->next();
        if (row != nullptr && !isFull(batch)) continue;
        if (Status done = compare(batch, matches); !done) return done;
        const uint64_t done = batch.first + batch.rows.size();
        if (progress && !progress(done)) return database::makeError(database::code::kCancelled, "stopped on request");
        // The last one once more: it has to come before the first of the next ones.
        Batch next;
        next.rows.push_back(std::move(batch.rows.back()));
        next.keys.push_back(std::move(batch.keys.back()));
        next.compared = 1;
        next.first = done - 1;
        batch = std::move(next);
    }
    const Result<Value> count = connection_.single("SELECT count(*) FROM " + connection_.quoted(table_.name));
    if (!count) return count.error();
    int64_t found = 0;
    count->toInt64(found);
    report_.result.found = static_cast<uint64_t>(found);
    if (allowExtra_ || report_.result.found <= matched_) return Ok{};
    return nameExtraRows(expected, report_.result.found - matched_);
}

std::string KeyedComparison::lookupSql(size_t rows) const {
    std::vector<std::string> columns;
    for (const size_t i : key_)
        columns.push_back(connection_.quoted(table_.columns[i].name));
    std::vector<std::string> keys;
    size_t parameter = 0;
    for (size_t i = 0; i < rows; ++i) {
        std::vector<std::string> marks;
        for (size_t column = 0; column < columns.size(); ++column)
            marks.push_back(connection_.placeholder(++parameter));
        keys.push_back(columns.size() == 1 ? marks[0] : "(" + join(marks, ", ") + ")");
    }
    const bool isList = columns.size() > 1 && connection_.dialect() == schema::Dialect::Sqlite; // of rows, which it has no IN for
    const std::string condition = (columns.size() == 1 ? columns[0] : "(" + join(columns, ", ") + ")") + " IN (" +
                                  (isList ? "VALUES " : "") + join(keys, ", ") + ")";
    schema::Table unordered = table_;
    unordered.orderBy.clear();
    std::vector<std::string> order;
    for (const std::string& name : table_.orderBy)
        order.push_back(connection_.quoted(name));
    return selectSql(connection_, unordered) + " WHERE " + condition +
           (order.empty() ? "" : " ORDER BY " + join(order, ", "));
}

Status KeyedComparison::compare(const Batch& batch, Matches* matches) {
    std::unordered_multimap<std::string, size_t> byKey;
    database::Row parameters;
    for (size_t i = 0; i < batch.rows.size(); ++i) {
        byKey.emplace(batch.keys[i], i);
        const database::Row all = load::parametersOf(table_, batch.rows[i], connection_.dialect());
        for (const size_t column : key_)
            parameters.push_back(all[column]);
    }
    std::vector<bool> seen(batch.rows.size());
    size_t highest = 0;
    schema::RowValues values;
    const Status done = connection_.query(lookupSql(batch.rows.size()), parameters, [&](database::Row& stored) {
        report_.read(stored, values);
        const auto range = byKey.equal_range(keyText(table_, values));
        auto match = range.first;
        while (match != range.second && seen[match->second])
            ++match;
        if (match == range.second) return true;
        const size_t index = match->second;
        seen[index] = true;
        if (index < highest && !outOfOrder_ && keepsOrder_) {
            outOfOrder_ = true;
            report_.outOfOrder(values, batch.first + index, batch.first + highest);
        }
        highest = std::max(highest, index);
        if (index < batch.compared) return true;
        ++matched_;
        const uint64_t before = report_.result.differences;
        report_.compare(batch.rows[index], values);
        if (matches != nullptr) {
            matches->present[batch.first + index] = true;
            matches->different[batch.first + index] = report_.result.differences > before;
        }
        return true;
    });
    if (!done) return done;
    for (size_t i = batch.compared; i < batch.rows.size(); ++i)
        if (!seen[i]) report_.missing(batch.rows[i]);
    return Ok{};
}

/// Reads both sides once for each million of keys, so that no more than those are held.
Status KeyedComparison::nameExtraRows(const schema::TableRows& expected, uint64_t count) {
    const std::hash<std::string> hash;
    const uint64_t parts = expected.size() / kHeldKeys + 1;
    for (uint64_t part = 0; part < parts && count > 0; ++part) {
        std::vector<uint64_t> known;
        const auto reader = load::readAhead(expected);
        while (const schema::RowValues* row = reader->next())
            if (const uint64_t key = hash(keyText(table_, *row)); key % parts == part) known.push_back(key);
        std::sort(known.begin(), known.end());
        schema::RowValues values;
        const Status done = connection_.queryMany(selectSql(connection_, table_), report_.result.found, [&](database::Row& stored) {
            report_.read(stored, values);
            const uint64_t key = hash(keyText(table_, values));
            if (key % parts != part || std::binary_search(known.begin(), known.end(), key)) return true;
            report_.extra(values);
            return --count > 0;
        });
        if (!done) return done;
    }
    for (; count > 0; --count) // of two keys with one hash, or gone meanwhile
        report_.extra();
    return Ok{};
}

} // namespace covet::verify
