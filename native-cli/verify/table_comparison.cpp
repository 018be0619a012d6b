#include "verify/table_comparison.h"

#include <unordered_map>

#include "support/strings.h"
#include "verify/cell_reader.h"

namespace covet::verify {
namespace {

constexpr uint64_t kProgressRows = 4096;
constexpr size_t kShownBytes = 80;

std::string shortened(const Value& value) {
    std::string text = toPython(value);
    if (text.size() <= kShownBytes) return text;
    size_t end = kShownBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end) + "... (" + std::to_string(text.size()) + " bytes)";
}

/// The two texts, cut where they still show the first difference.
void showBoth(const Value& expected, const Value& found, Difference& difference) {
    std::string left = toPython(expected);
    std::string right = toPython(found);
    size_t same = 0;
    while (same < left.size() && same < right.size() && left[same] == right[same])
        ++same;
    if (same > kShownBytes / 2 && std::max(left.size(), right.size()) > kShownBytes) {
        size_t from = same - kShownBytes / 4;
        while (from > 0 && (static_cast<unsigned char>(left[from]) & 0xC0) == 0x80)
            --from;
        difference.expected = "..." + left.substr(from, kShownBytes);
        difference.found = "..." + right.substr(from, kShownBytes);
        return;
    }
    difference.expected = shortened(expected);
    difference.found = shortened(found);
}

std::vector<size_t> keyColumns(const schema::Table& table) {
    std::vector<size_t> positions;
    for (const std::string& name : table.primaryKey)
        for (size_t i = 0; i < table.columns.size(); ++i)
            if (table.columns[i].name == name) positions.push_back(i);
    return positions;
}

class Comparison {
public:
    Comparison(const schema::Table& table, const std::vector<std::vector<Value>>& expected,
               Findings& findings, schema::Dialect dialect)
        : table_(table), expected_(expected), findings_(findings), dialect_(dialect),
          key_(keyColumns(table)), seen_(expected.size(), false) {
        result_.table = table.name;
        result_.rows = expected.size();
        byKey_.reserve(expected.size());
        for (size_t i = 0; i < expected.size(); ++i)
            byKey_.emplace(keyText(table, expected[i]), i);
    }

    void row(const database::Row& stored, bool allowExtra) {
        ++result_.found;
        std::vector<Value> values;
        values.reserve(stored.size());
        for (size_t i = 0; i < stored.size(); ++i) {
            std::optional<Value> read = readCell(stored[i], table_.columns[i], dialect_);
            // What is no value of the type is compared as it lies there: it cannot be equal.
            values.push_back(read ? canonical(*read, table_.columns[i])
                                  : Value::opaque("unreadable " + toPython(stored[i])));
        }
        const auto range = byKey_.equal_range(keyText(table_, values));
        auto match = range.first;
        while (match != range.second && seen_[match->second])
            ++match;
        if (match == range.second) {
            if (!allowExtra) add("extra-row", keyName(values), "", "", rowText(values));
            return;
        }
        const size_t index = match->second;
        seen_[index] = true;
        if (index < highest_ && !outOfOrder_ && !table_.orderBy.empty()) {
            outOfOrder_ = true;
            add("order", keyName(values), "", "row " + std::to_string(index + 1),
                "after row " + std::to_string(highest_ + 1));
        }
        highest_ = std::max(highest_, index);
        compare(expected_[index], values);
    }

    TableResult finish() {
        for (size_t i = 0; i < expected_.size(); ++i)
            if (!seen_[i]) add("missing-row", keyName(expected_[i]), "", rowText(expected_[i]), "");
        return std::move(result_);
    }

private:
    void compare(const std::vector<Value>& expected, const std::vector<Value>& found) {
        for (size_t i = 0; i < table_.columns.size(); ++i) {
            const schema::Column& column = table_.columns[i];
            ++result_.values;
            const Value wanted = canonical(expected[i], column);
            if (same(wanted, found[i])) continue;
            Difference difference{"value", table_.name, keyName(expected), column.name, "", ""};
            showBoth(wanted, found[i], difference);
            ++result_.differences;
            findings_.add(std::move(difference));
        }
    }

    void add(const char* kind, std::string key, std::string column, std::string expected,
             std::string found) {
        ++result_.differences;
        findings_.add({kind, table_.name, std::move(key), std::move(column), std::move(expected),
                       std::move(found)});
    }

    std::string keyName(const std::vector<Value>& row) const {
        std::string text;
        for (const size_t i : key_)
            text += (text.empty() ? "" : ", ") + table_.columns[i].name + "=" + shortened(row[i]);
        return text;
    }

    std::string rowText(const std::vector<Value>& row) const {
        return key_.empty() ? shortened(Value::list(row, Value::Kind::Tuple)) : "";
    }

    const schema::Table& table_;
    const std::vector<std::vector<Value>>& expected_;
    Findings& findings_;
    schema::Dialect dialect_;
    std::vector<size_t> key_;
    std::vector<bool> seen_;
    std::unordered_multimap<std::string, size_t> byKey_;
    TableResult result_;
    size_t highest_ = 0;
    bool outOfOrder_ = false;
};

} // namespace

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
                                 const std::vector<std::vector<Value>>& expected,
                                 bool allowExtraRows, Findings& findings,
                                 const RowsRead& progress) {
    Comparison comparison(table, expected, findings, connection.dialect());
    uint64_t read = 0;
    bool stopped = false;
    const Status done = connection.query(selectSql(connection, table), {}, [&](database::Row& row) {
        comparison.row(row, allowExtraRows);
        if (++read % kProgressRows == 0 && progress && !progress(read)) stopped = true;
        return !stopped;
    });
    if (!done) return done.error();
    if (stopped) return database::makeError(database::code::kCancelled, "stopped on request");
    return comparison.finish();
}

} // namespace covet::verify
