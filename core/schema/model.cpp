#include "schema/model.h"

namespace covet::schema {

std::string toString(const Type& type) {
    switch (type.kind) {
    case TypeKind::Integer:
        return "integer";
    case TypeKind::BigInt:
        return "bigint";
    case TypeKind::Float:
        return "float";
    case TypeKind::Numeric:
        if (type.precision == 0) return "numeric";
        return "numeric(" + std::to_string(type.precision) + "," + std::to_string(type.scale) + ")";
    case TypeKind::Boolean:
        return "boolean";
    case TypeKind::Text:
        return "text";
    case TypeKind::Varchar:
        return "varchar(" + std::to_string(type.length) + ")";
    case TypeKind::Date:
        return "date";
    case TypeKind::Time:
        return "time";
    case TypeKind::Timestamp:
        return "timestamp";
    case TypeKind::TimestampTz:
        return "timestamptz";
    case TypeKind::Uuid:
        return "uuid";
    case TypeKind::Json:
        return "json";
    case TypeKind::Bytes:
        return "bytes";
    }
    return "";
}

const char* actionSql(ReferenceAction action) {
    switch (action) {
    case ReferenceAction::NoAction:
        return "NO ACTION";
    case ReferenceAction::Restrict:
        return "RESTRICT";
    case ReferenceAction::Cascade:
        return "CASCADE";
    case ReferenceAction::SetNull:
        return "SET NULL";
    }
    return "";
}

const Column* Table::column(std::string_view columnName) const {
    for (const Column& candidate : columns)
        if (candidate.name == columnName) return &candidate;
    return nullptr;
}

const Column* Table::columnOfField(std::string_view fieldName) const {
    for (const Column& candidate : columns)
        if (candidate.role == ColumnRole::Field && candidate.field == fieldName) return &candidate;
    return nullptr;
}

const Column* Table::columnOfRole(ColumnRole role) const {
    for (const Column& candidate : columns)
        if (candidate.role == role) return &candidate;
    return nullptr;
}

const Table* Schema::table(std::string_view tableName) const {
    for (const Table& candidate : tables)
        if (candidate.name == tableName) return &candidate;
    return nullptr;
}

const Table* Schema::tableOfStore(std::string_view storeId) const {
    for (const Table& candidate : tables)
        if (candidate.store == storeId || (!candidate.stateNames.empty() && candidate.stateNames.count(std::string(storeId))))
            return &candidate;
    return nullptr;
}

namespace {

class HeldRows : public RowReader {
public:
    explicit HeldRows(const std::vector<RowValues>& rows) : rows_(rows) {}
    const RowValues* next() override { return at_ < rows_.size() ? &rows_[at_++] : nullptr; }

private:
    const std::vector<RowValues>& rows_;
    size_t at_ = 0;
};

} // namespace

std::unique_ptr<RowReader> readHeld(const std::vector<RowValues>& rows) {
    return std::make_unique<HeldRows>(rows);
}

std::unique_ptr<RowReader> TableRows::read() const {
    return source ? source->read() : readHeld(rows);
}

} // namespace covet::schema
