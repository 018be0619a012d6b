#include "schema/stored_value.h"

#include "schema/moment_text.h"
#include "support/strings.h"

namespace covet::schema {
namespace {

using Kind = StoredValue::Kind;

StoredValue text(std::string content) {
    return {Kind::Text, std::move(content)};
}

StoredValue moment(const Value& value, const Type& type, Dialect dialect) {
    if (type.kind != TypeKind::Timestamp && type.kind != TypeKind::TimestampTz)
        return text(value.text());
    const Zone zone = zoneOf(value.text());
    if (zone == Zone::Other) return text(value.text());
    const bool keepsZone = type.kind == TypeKind::TimestampTz && dialect == Dialect::Postgres;
    return text(databaseMoment(value.text()) + (keepsZone && zone == Zone::Utc ? "+00:00" : ""));
}

} // namespace

StoredValue storedValue(const Value& value, const Type& type, Dialect dialect) {
    if (value.isNull() || value.isOpaque()) return {};
    if (type.kind == TypeKind::Json) return text(toJson(value));
    switch (value.kind()) {
    case Value::Kind::Bool:
        return {dialect == Dialect::Postgres && type.kind == TypeKind::Boolean ? Kind::Boolean
                                                                               : Kind::Integer,
                value.boolValue() ? "1" : "0"};
    case Value::Kind::Int:
        if (type.kind == TypeKind::Numeric && dialect != Dialect::Postgres)
            return text(value.text());
        return {Kind::Integer, value.text()};
    case Value::Kind::Float:
        if (type.kind == TypeKind::Numeric) return text(value.text());
        return {Kind::Real, value.text()};
    case Value::Kind::Str:
        if (type.kind == TypeKind::Uuid && dialect != Dialect::Postgres)
            return text(replaceAll(value.text(), "-", ""));
        return text(value.text());
    case Value::Kind::Uuid:
        return text(dialect == Dialect::Postgres || type.kind != TypeKind::Uuid
                        ? value.text()
                        : replaceAll(value.text(), "-", ""));
    case Value::Kind::Bytes:
        return {Kind::Blob, value.text()};
    case Value::Kind::DateTime:
        return moment(value, type, dialect);
    case Value::Kind::Time:
        return text(zoneOf(value.text()) == Zone::None ? databaseTime(value.text()) : value.text());
    case Value::Kind::Decimal:
    case Value::Kind::Date:
        return text(value.text());
    default: // no column of ours holds containers outside JSON
        return text(toJson(value));
    }
}

} // namespace covet::schema
