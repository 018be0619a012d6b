#include "verify/row_digest.h"

namespace covet::verify {
namespace {

using Kind = Value::Kind;
using schema::TypeKind;

constexpr size_t kBufferBytes = 64 * 1024;

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

void RowDigest::add(const schema::RowValues& row) {
    plain_ = plain_ && take(row, false);
}

bool RowDigest::add(const database::Row& stored, schema::Dialect dialect) {
    plain_ = plain_ && take(stored, dialect != schema::Dialect::Postgres);
    return plain_;
}

void RowDigest::finish() {
    sum_.add(buffer_);
    buffer_.clear();
    hex_ = sum_.hex();
    complete_ = plain_;
}

bool RowDigest::take(const std::vector<Value>& row, bool truthIsNumber) {
    if (row.size() != table_->columns.size()) return false;
    for (size_t i = 0; i < row.size(); ++i)
        if (!take(row[i], table_->columns[i], truthIsNumber)) return false;
    ++rows_;
    if (buffer_.size() < kBufferBytes) return true;
    sum_.add(buffer_);
    buffer_.clear();
    return true;
}

bool RowDigest::take(const Value& value, const schema::Column& column, bool truthIsNumber) {
    if (value.isNull()) {
        buffer_ += '-';
        return true;
    }
    const Kind kind = plainKind(column);
    if (kind == Kind::Bool) {
        const bool isNumber = truthIsNumber && value.kind() == Kind::Int;
        if (!isNumber && value.kind() != Kind::Bool) return false;
        if (isNumber && value.text() != "0" && value.text() != "1") return false;
        buffer_ += (isNumber ? value.text() == "1" : value.boolValue()) ? '1' : '0';
        return true;
    }
    if (kind == Kind::Null || value.kind() != kind) return false;
    // With its length in front no text can pass for two.
    uint64_t size = value.text().size();
    buffer_ += '+';
    for (; size >= 0x80; size >>= 7)
        buffer_ += static_cast<char>(size | 0x80);
    buffer_ += static_cast<char>(size);
    buffer_ += value.text();
    return true;
}

} // namespace covet::verify
