#include "load/load_data.h"

#include "schema/stored_value.h"
#include "support/strings.h"

namespace covet::load {
namespace {

using schema::StoredValue;

void appendEscaped(std::string& out, const std::string& text) {
    for (const char c : text) {
        switch (c) {
        case '\0':
            out += "\\0";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        case '\x1A':
            out += "\\Z";
            break;
        case '\\':
            out += "\\\\";
            break;
        default:
            out += c;
        }
    }
}

void appendHex(std::string& out, const std::string& bytes) {
    static const char* const kDigits = "0123456789abcdef";
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
}

} // namespace

std::string loadDataSql(const database::Connection& connection, const schema::Table& table) {
    std::vector<std::string> targets;
    std::vector<std::string> sets;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        const std::string name = connection.quoted(table.columns[i].name);
        if (table.columns[i].type.kind != schema::TypeKind::Bytes) {
            targets.push_back(name);
            continue;
        }
        targets.push_back("@bytes" + std::to_string(i));
        sets.push_back(name + " = UNHEX(" + targets.back() + ")");
    }
    return "LOAD DATA LOCAL INFILE 'rows' INTO TABLE " + connection.quoted(table.name) +
           " CHARACTER SET utf8mb4 FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY "
           "'\\n' (" +
           join(targets, ", ") + ")" + (sets.empty() ? "" : " SET " + join(sets, ", "));
}

void appendLoadDataRow(std::string& out, const schema::Table& table, const schema::RowValues& row) {
    for (size_t i = 0; i < row.size(); ++i) {
        const schema::Column& column = table.columns[i];
        if (i > 0) out += '\t';
        // A document that is None where the column cannot be NULL is JSON's own null.
        const bool isJsonNull =
            row[i].isNull() && column.type.kind == schema::TypeKind::Json && !column.nullable;
        const StoredValue stored = schema::storedValue(row[i], column.type, schema::Dialect::Mysql);
        if (isJsonNull)
            out += "null";
        else if (stored.kind == StoredValue::Kind::Null)
            out += "\\N";
        else if (stored.kind == StoredValue::Kind::Blob)
            appendHex(out, stored.text);
        else
            appendEscaped(out, stored.text);
    }
    out += '\n';
}

} // namespace covet::load
