#include "emit/model_column.h"

#include <algorithm>

#include "support/strings.h"

namespace covet::emit {
namespace {

using schema::Column;
using schema::ColumnRole;
using schema::Table;
using schema::TypeKind;

std::string pythonType(const Column& column, ModelParts& parts) {
    const std::string& type = column.pythonType;
    if (type == "datetime" || type == "date" || type == "time") {
        parts.plainImports.insert("datetime as dt");
        return "dt." + type;
    }
    if (type == "Decimal") parts.import("decimal", "Decimal");
    if (type == "UUID") parts.import("uuid", "UUID");
    if (type == "number") return "float"; // which type checkers take ints for, too
    if (type == "object" || type.empty()) {
        parts.import("typing", "Any");
        return "Any";
    }
    return type;
}

std::string sql(const char* name, ModelParts& parts) {
    parts.import("sqlalchemy", name);
    return name;
}

/// The type argument of mapped_column(); "" where the annotation says it all.
std::string typeArgument(const Column& column, bool isIdentity, ModelParts& parts) {
    switch (column.type.kind) {
    case TypeKind::Integer:
    case TypeKind::Boolean:
        return "";
    case TypeKind::BigInt:
        if (!isIdentity) return sql("BigInteger", parts);
        // SQLite numbers rows in columns declared INTEGER only.
        sql("Integer", parts);
        return sql("BigInteger", parts) + "().with_variant(Integer, \"sqlite\")";
    case TypeKind::Float:
        return sql("Double", parts);
    case TypeKind::Numeric: {
        if (column.pythonType == "int") {
            parts.helper("big_number");
            return "BigNumber";
        }
        if (column.pythonType == "number") {
            parts.helper("any_number");
            return "AnyNumber";
        }
        const std::string sizes =
            "(" + std::to_string(column.type.precision) + ", " + std::to_string(column.type.scale) + ")";
        if (column.pythonType == "float") {
            parts.helper("exact_float");
            return "ExactFloat" + sizes;
        }
        parts.helper("exact_decimal");
        if (column.type.precision == 0) return "ExactDecimal";
        return "ExactDecimal" + sizes;
    }
    case TypeKind::Text:
        return sql("Text", parts);
    case TypeKind::Varchar:
        if (column.tagged) {
            parts.helper("document_key");
            return "DocumentKey";
        }
        if (column.pythonType == "datetime") {
            parts.helper("iso_date_time");
            return "IsoDateTime";
        }
        return sql("String", parts) + "(" + std::to_string(column.type.length) + ")";
    case TypeKind::Date:
        return sql("Date", parts);
    case TypeKind::Time:
        parts.helper("time_columns");
        return sql("Time", parts);
    case TypeKind::Timestamp:
        parts.helper("moment_columns");
        return sql("DateTime", parts);
    case TypeKind::TimestampTz:
        parts.helper("utc_date_time");
        return "UtcDateTime";
    case TypeKind::Uuid:
        return sql("Uuid", parts) + (column.pythonType == "UUID" ? "" : "(as_uuid=False)");
    case TypeKind::Json:
        if (column.tagged) {
            parts.helper("document");
            return "Document";
        }
        parts.helper("plain_json");
        return "PlainJson(none_as_null=True)";
    case TypeKind::Bytes:
        return sql("LargeBinary", parts);
    }
    return "";
}

bool isSimple(const Value& value) {
    switch (value.kind()) {
    case Value::Kind::Bool:
    case Value::Kind::Int:
    case Value::Kind::Str:
        return true;
    case Value::Kind::Float:
        return value.text().find_first_not_of("0123456789.e+-") == std::string::npos;
    default:
        return false;
    }
}

std::string actionArgument(const char* name, schema::ReferenceAction action) {
    if (action == schema::ReferenceAction::NoAction) return "";
    return std::string(", ") + name + "=" + pythonQuote(schema::actionSql(action));
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

bool needsQuotes(const std::string& name) {
    const std::string lower = toLower(name);
    return lower == "nothing" || lower == "returning";
}

std::string columnLine(const Table& table, const Column& column, ModelParts& parts) {
    std::vector<std::string> arguments;
    const bool isQuoted = needsQuotes(column.name);
    if (column.attribute != column.name || isQuoted) arguments.push_back(pythonQuote(column.name));
    const std::string type = typeArgument(column, column.identity, parts);
    if (!type.empty()) arguments.push_back(type);
    for (const schema::ForeignKey& key : table.foreignKeys)
        if (key.enforced && key.columns.size() == 1 && key.columns[0] == column.name)
            arguments.push_back(sql("ForeignKey", parts) + "(" +
                                pythonQuote(key.table + "." + key.references[0]) +
                                actionArgument("ondelete", key.onDelete) +
                                actionArgument("onupdate", key.onUpdate) + ")");
    if (contains(table.primaryKey, column.name)) {
        arguments.push_back("primary_key=True");
        const bool integer =
            column.type.kind == TypeKind::Integer || column.type.kind == TypeKind::BigInt;
        if (integer && !column.identity) arguments.push_back("autoincrement=False");
    }
    if (column.unique) arguments.push_back("unique=True");
    for (const schema::Index& index : table.indexes)
        if (index.columns.size() == 1 && index.columns[0] == column.name)
            arguments.push_back("index=True");
    if (column.role == ColumnRole::Position) {
        parts.helper("position");
        arguments.push_back("default=next_position");
    }
    if (column.role == ColumnRole::Field && column.defaultValue && isSimple(*column.defaultValue))
        arguments.push_back("default=" + toPython(*column.defaultValue));
    std::string annotation = pythonType(column, parts);
    if (column.nullable) {
        parts.import("typing", "Optional");
        annotation = "Optional[" + annotation + "]";
    }
    parts.import("sqlalchemy.orm", "Mapped");
    std::string line = column.attribute + ": Mapped[" + annotation + "]";
    if (isQuoted) arguments.push_back("quote=True");
    if (arguments.empty()) return line;
    parts.import("sqlalchemy.orm", "mapped_column");
    return line + " = mapped_column(" + join(arguments, ", ") + ")";
}

std::string fitsTest(const Column& column, ModelParts& parts) {
    const auto test = [&](const char* helper, const char* function) {
        parts.helper(helper);
        return std::string(function);
    };
    const bool isFloat = column.pythonType == "float";
    if (!column.nullable && !isFloat) return "None";
    if (column.tagged) return "None";
    switch (column.type.kind) {
    case TypeKind::Integer:
        return test("fits_int", "is_int");
    case TypeKind::BigInt:
        return test("fits_bigint", "is_bigint");
    case TypeKind::Float:
        return test("fits_float", "is_float");
    case TypeKind::Numeric:
        if (isFloat) return test("fits_float", "is_float");
        if (column.pythonType == "number") return test("fits_number", "is_number");
        return column.pythonType == "int" ? "None" : test("fits_decimal", "is_decimal");
    case TypeKind::Boolean:
        return test("fits_bool", "is_bool");
    case TypeKind::Text:
    case TypeKind::Varchar:
        return column.pythonType == "datetime" ? test("fits_any_moment", "is_any_moment")
                                               : test("fits_str", "is_str");
    case TypeKind::Date:
        return test("fits_date", "is_date");
    case TypeKind::Time:
        return test("fits_time", "is_time");
    case TypeKind::Timestamp:
        return test("fits_moment", "is_moment");
    case TypeKind::TimestampTz:
        return test("fits_utc", "is_utc");
    case TypeKind::Uuid:
        return column.pythonType == "UUID" ? test("fits_uuid", "is_uuid")
                                           : test("fits_uuid_text", "is_uuid_text");
    case TypeKind::Bytes:
        return test("fits_bytes", "is_bytes");
    case TypeKind::Json:
        break;
    }
    return "None";
}

} // namespace covet::emit
