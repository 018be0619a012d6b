#include "verify/row_report.h"

#include <algorithm>

#include "load/password_hash.h"
#include "verify/cell_reader.h"

namespace covet::verify {
namespace {

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

/// Values that are the same as they stand, which most are.
bool plainlySame(const Value& expected, const Value& found, const schema::Column& column) {
    if (expected.kind() != found.kind()) return false;
    switch (expected.kind()) {
    case Value::Kind::Null:
        return true;
    case Value::Kind::Bool:
        return expected.boolValue() == found.boolValue();
    case Value::Kind::Str:
        return column.type.kind != schema::TypeKind::Json && expected.text() == found.text();
    case Value::Kind::Int:
    case Value::Kind::Float:
    case Value::Kind::Bytes:
        return expected.text() == found.text();
    default:
        return false;
    }
}

/// Whether a cell of this kind is the value itself, so that nothing has to be read from it.
bool isValueItself(const schema::Column& column, Value::Kind kind) {
    switch (column.type.kind) {
    case schema::TypeKind::Integer:
    case schema::TypeKind::BigInt:
        return kind == Value::Kind::Int;
    case schema::TypeKind::Float:
        return kind == Value::Kind::Float;
    case schema::TypeKind::Boolean:
        return kind == Value::Kind::Bool;
    case schema::TypeKind::Text:
    case schema::TypeKind::Varchar:
        return kind == Value::Kind::Str && column.pythonType != "datetime";
    case schema::TypeKind::Bytes:
        return kind == Value::Kind::Bytes;
    default:
        return false;
    }
}

/// A 0 or 1 of a database without a type for truth values.
bool isTruth(const Value& expected, const Value& stored, const schema::Column& column) {
    return column.type.kind == schema::TypeKind::Boolean && expected.kind() == Value::Kind::Bool &&
           stored.kind() == Value::Kind::Int && stored.text() == (expected.boolValue() ? "1" : "0");
}

/// Whether a stored text is a hash of the password that the project has.
bool isHashOf(const Value& expected, const Value& found, const schema::Column& column) {
    return column.isPassword && expected.kind() == Value::Kind::Str && found.kind() == Value::Kind::Str &&
           load::isPasswordOf(found.text(), expected.text());
}

bool sameValue(const Value& expected, const Value& found, const schema::Column& column) {
    // A password that was loaded as it is would be a mistake.
    if (column.isPassword && expected.kind() == Value::Kind::Str) return isHashOf(expected, found, column);
    return plainlySame(expected, found, column) ||
           (!found.isOpaque() && same(canonical(expected, column), canonical(found, column)));
}

} // namespace

RowReport::RowReport(const schema::Table& table, Findings& findings, schema::Dialect dialect)
    : table_(table), findings_(findings), dialect_(dialect), key_(keyColumns(table)) {
    result.table = table.name;
}

bool RowReport::takeAsIs(const schema::RowValues& expected, const database::Row& stored) {
    if (expected.size() != stored.size()) return false;
    for (size_t i = 0; i < stored.size(); ++i) {
        const schema::Column& column = table_.columns[i];
        if (column.isPassword) return false;
        const bool same = stored[i].isNull()
                              ? expected[i].isNull()
                              : (isValueItself(column, stored[i].kind()) && plainlySame(expected[i], stored[i], column)) ||
                                    (dialect_ != schema::Dialect::Postgres && isTruth(expected[i], stored[i], column));
        if (!same) return false;
    }
    result.values += stored.size();
    return true;
}

void RowReport::read(const database::Row& stored, schema::RowValues& values) const {
    values.resize(stored.size());
    for (size_t i = 0; i < stored.size(); ++i) {
        std::optional<Value> value = readCell(stored[i], table_.columns[i], dialect_);
        values[i] = value ? std::move(*value) : Value::opaque("unreadable " + toPython(stored[i]));
    }
}

bool RowReport::sameKey(const schema::RowValues& expected, const schema::RowValues& found) const {
    for (const size_t i : key_)
        if (!sameValue(expected[i], found[i], table_.columns[i])) return false;
    if (!key_.empty()) return true;
    for (size_t i = 0; i < table_.columns.size(); ++i)
        if (!sameValue(expected[i], found[i], table_.columns[i])) return false;
    return true;
}

void RowReport::compare(const schema::RowValues& expected, const schema::RowValues& found) {
    for (size_t i = 0; i < table_.columns.size(); ++i) {
        const schema::Column& column = table_.columns[i];
        ++result.values;
        if (sameValue(expected[i], found[i], column)) continue;
        Difference difference{"value", table_.name, keyName(expected), column.name, "", ""};
        if (column.isPassword) {
            difference.expected = "a hash of the project's password";
            difference.found = "another value";
            ++result.differences;
            findings_.add(std::move(difference));
            continue;
        }
        showBoth(canonical(expected[i], column),
                 found[i].isOpaque() ? found[i] : canonical(found[i], column), difference);
        ++result.differences;
        findings_.add(std::move(difference));
    }
}

void RowReport::missing(const schema::RowValues& expected) {
    if (findings_.isFull()) return add("missing-row", "", "", "");
    add("missing-row", keyName(expected), rowText(expected), "");
}

void RowReport::extra(const schema::RowValues& found) {
    if (findings_.isFull()) return add("extra-row", "", "", "");
    add("extra-row", keyName(found), "", rowText(found));
}

void RowReport::extra() {
    add("extra-row", "", "", "");
}

void RowReport::outOfOrder(const schema::RowValues& found, size_t expectedAt, size_t after) {
    add("order", keyName(found), "row " + std::to_string(expectedAt + 1),
        "after row " + std::to_string(after + 1));
}

void RowReport::add(const char* kind, std::string key, std::string expected, std::string found) {
    ++result.differences;
    findings_.add(
        {kind, table_.name, std::move(key), "", std::move(expected), std::move(found)});
}

std::string RowReport::keyName(const schema::RowValues& row) const {
    std::string text;
    for (const size_t i : key_)
        text += (text.empty() ? "" : ", ") + table_.columns[i].name + "=" + shortened(row[i]);
    return text;
}

std::string RowReport::rowText(const schema::RowValues& row) const {
    if (!key_.empty()) return "";
    schema::RowValues shown = row;
    for (size_t i = 0; i < shown.size(); ++i)
        if (table_.columns[i].isPassword) shown[i] = Value::string("***");
    return shortened(Value::list(std::move(shown), Value::Kind::Tuple));
}

std::vector<size_t> keyColumns(const schema::Table& table) {
    std::vector<size_t> positions;
    for (const std::string& name : table.primaryKey)
        for (size_t i = 0; i < table.columns.size(); ++i)
            if (table.columns[i].name == name) positions.push_back(i);
    return positions;
}

bool keepsOrder(const schema::Table& table) {
    const schema::Column* first = table.orderBy.empty() ? nullptr : table.column(table.orderBy[0]);
    return first && first->role != schema::ColumnRole::Value;
}

} // namespace covet::verify
