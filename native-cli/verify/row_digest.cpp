#include "verify/row_digest.h"

#include "verify/row_report.h"

namespace covet::verify {
namespace {

using Kind = Value::Kind;
using schema::TypeKind;

/// The kind of value that a column holds as it stands; Null when there is none.
Kind plainKind(const schema::Column& column) {
    switch (column.type.kind) {
    case TypeKind::Integer:
    case TypeKind::BigInt:
        return Kind::Int;
    case TypeKind::Float:
        return Kind::Float;
    case TypeKind::Boolean:
        return Kind::Bool;
    case TypeKind::Text:
    case TypeKind::Varchar: // moments in texts have several spellings
        return column.pythonType == "datetime" ? Kind::Null : Kind::Str;
    case TypeKind::Bytes:
        return Kind::Bytes;
    default:
        return Kind::Null;
    }
}

} // namespace

RowDigest::RowDigest(const schema::Table& table, schema::Dialect dialect)
    : table_(&table), truthIsNumber_(dialect != schema::Dialect::Postgres) {
    if (!keepsOrder(table)) return;
    for (const std::string& name : table.orderBy)
        for (size_t i = 0; i < table.columns.size(); ++i)
            if (table.columns[i].name == name) order_.push_back(i);
}

void RowDigest::add(const schema::RowValues& row) {
    if (!plain_) return;
    plain_ = row.size() == table_->columns.size() && grows(row);
    for (size_t i = 0; plain_ && i < row.size(); ++i)
        plain_ = take(row[i], table_->columns[i]);
    sum_.endRow();
}

void RowDigest::finish() {
    hex_ = sum_.hex();
    complete_ = plain_;
}

bool RowDigest::grows(const schema::RowValues& row) {
    if (order_.empty()) return true;
    const bool isFirst = highest_.empty();
    highest_.resize(order_.size());
    bool isHigher = isFirst;
    for (size_t i = 0; i < order_.size(); ++i) {
        const Value& value = row[order_[i]];
        int64_t number = 0;
        if (value.kind() != Kind::Int || !value.toInt64(number)) return false;
        if (!isHigher && number < highest_[i]) return false;
        isHigher = isHigher || number > highest_[i];
        highest_[i] = number;
    }
    return isHigher;
}

bool RowDigest::take(const Value& value, const schema::Column& column) {
    if (value.isNull()) {
        sum_.add(database::Cell());
        return true;
    }
    const Kind kind = plainKind(column);
    if (kind == Kind::Null || value.kind() != kind) return false;
    if (kind == Kind::Bool)
        sum_.add({truthIsNumber_ ? Kind::Int : Kind::Bool, value.boolValue() ? "1" : "0"});
    else
        sum_.add({kind, value.text()});
    return true;
}

} // namespace covet::verify
