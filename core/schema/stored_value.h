#pragma once

#include <string>

#include "schema/ddl.h"

namespace covet::schema {

/// A value as a database stores it in a column of a type, for parameters and literals alike.
struct StoredValue {
    enum class Kind { Null, Boolean, Integer, Real, Text, Blob };
    Kind kind = Kind::Null;
    /// Integer: digits; Real: Python's repr, "inf", "-inf", "nan"; Boolean: "1" or "0"; Text:
    /// UTF-8; Blob: the bytes.
    std::string text;
};

/// The form in which the generated models read it back:
/// * SQLite and MySQL have no UUIDs: 32 hexadecimal digits; moments with a zone are stored in UTC
///   without it;
/// * SQLite: moments as "2024-01-02 03:04:05.000000", Decimal as its text;
/// * JSON as the text of json.dumps, whose order of keys survives in all three.
/// Values that the column's type does not cover keep their own kind; opaque ones are Null.
StoredValue storedValue(const Value& value, const Type& type, Dialect dialect);

} // namespace covet::schema
