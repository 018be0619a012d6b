#include "load/examine.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "database/url.h"
#include "load/duplicate_search.h"
#include "load/read_ahead.h"
#include "schema/column_type.h"
#include "schema/document.h"
#include "schema/moment_text.h"
#include "support/strings.h"
#include "verify/cell_reader.h"
#include "verify/table_comparison.h"

namespace covet::load {
namespace {

using Kind = Value::Kind;
using schema::Dialect;
using schema::TypeKind;

constexpr size_t kShownObjections = 5;
constexpr size_t kMysqlKeyText = 255; // code points; what typeSql() gives texts in keys

bool isValidUtf8(std::string_view text) {
    for (size_t i = 0; i < text.size();) {
        const size_t before = i;
        const uint32_t point = nextCodePoint(text, i);
        if (point >= 0xD800 && point < 0xE000) return false;
        if (point == 0xFFFD && i - before == 1) return false;
    }
    return true;
}

/// Whether a text has the two halves of a character as two characters, which JSON writes as it writes the one.
bool hasSplitCharacter(std::string_view text) {
    bool high = false;
    for (size_t at = 0; at < text.size();) {
        const uint32_t point = nextCodePoint(text, at);
        if (high && point >= 0xDC00 && point < 0xE000) return true;
        high = point >= 0xD800 && point < 0xDC00;
    }
    return false;
}

bool holdsSplitCharacter(const Value& value) {
    if (value.kind() == Kind::Str) return hasSplitCharacter(value.text());
    if (std::any_of(value.items().begin(), value.items().end(), holdsSplitCharacter)) return true;
    return std::any_of(value.entries().begin(), value.entries().end(), [](const Value::Entry& entry) {
        return holdsSplitCharacter(entry.first) || holdsSplitCharacter(entry.second);
    });
}

std::string textObjection(const std::string& text, const schema::Column& column, bool inKey,
                          Dialect dialect) {
    if (!isValidUtf8(text)) return "the text has a lone surrogate, which no database stores";
    if (dialect == Dialect::Postgres && text.find('\0') != std::string::npos)
        return "PostgreSQL cannot store NUL characters in text";
    size_t limit = column.type.length;
    if (dialect == Dialect::Mysql && column.type.kind == TypeKind::Text && inKey)
        limit = kMysqlKeyText;
    if (limit != 0 && codePointCount(text) > limit)
        return "the text is longer than " + std::to_string(limit) + " characters";
    return "";
}

std::string floatObjection(double number, Dialect dialect) {
    if (std::isfinite(number)) {
        if (dialect != Dialect::Postgres && number == 0 && std::signbit(number))
            return std::string(database::dialectName(dialect)) + " stores -0.0 as 0.0";
        return "";
    }
    if (dialect == Dialect::Mysql) return "MySQL has no infinity and no nan";
    if (dialect == Dialect::Sqlite && std::isnan(number)) return "SQLite stores nan as NULL";
    return "";
}

std::string numericObjection(const std::string& text, const schema::Column& column,
                             Dialect dialect) {
    if (text.find_first_of("nNiIsS") != std::string::npos)
        return "infinity and nan are not stored as exact numbers";
    if (dialect == Dialect::Mysql && column.type.precision == 0 && text.size() > kMysqlKeyText)
        return "the number has more digits than MySQL keeps";
    if (column.type.precision == 0) return "";
    const size_t first = text.find_first_of("123456789");
    const size_t exponent = text.find_first_of("eE");
    if (exponent != std::string::npos) return "the number is written with an exponent";
    const size_t point = std::min(text.find('.'), text.size());
    const size_t scale = point == text.size() ? 0 : text.size() - point - 1;
    const size_t whole = first < point ? point - first : 0;
    if (scale > column.type.scale)
        return "more than " + std::to_string(column.type.scale) + " digits after the point";
    if (whole > column.type.precision - column.type.scale)
        return "more digits before the point than " + schema::toString(column.type) + " has";
    return "";
}

std::string momentObjection(const Value& value, TypeKind kind, Dialect dialect) {
    if (dialect == Dialect::Mysql && value.kind() != Kind::Time && value.text() < "1000")
        return "MySQL does not store years before 1000";
    if (value.kind() == Kind::Date) return "";
    const schema::Zone zone = schema::zoneOf(value.text());
    if (kind == TypeKind::TimestampTz && zone == schema::Zone::None)
        return "the moment has no zone";
    if (kind == TypeKind::TimestampTz && zone == schema::Zone::Other)
        return "the moment's offset would be lost: only UTC is kept";
    if (kind != TypeKind::TimestampTz && zone != schema::Zone::None)
        return "the zone of the moment would be lost";
    return "";
}

std::string wrongKind(const Value& value, const schema::Column& column) {
    return "a value of type " + std::string(kindName(value.kind())) + " in a column of type " +
           schema::toString(column.type);
}

std::string integerObjection(const Value& value, const schema::Column& column, Dialect dialect) {
    int64_t number = 0;
    if (!value.toInt64(number)) return "the integer has more than 64 bits";
    const bool narrow = column.type.kind == TypeKind::Integer && dialect != Dialect::Sqlite;
    if (narrow && (number < INT32_MIN || number > INT32_MAX))
        return "the integer has more than 32 bits";
    return "";
}

} // namespace

std::string objection(const Value& value, const schema::Column& column, bool inKey,
                      Dialect dialect) {
    const Kind kind = value.kind();
    if (value.isNull() || value.isOpaque()) {
        if (column.nullable && !inKey) return "";
        // A document may be JSON's own null.
        if (value.isNull() && column.type.kind == TypeKind::Json && !inKey) return "";
        return value.isNull() ? "None in a column that is not nullable"
                              : "the value is not known without running the code: " + value.text();
    }
    const bool isText = kind == Kind::Str;
    switch (column.type.kind) {
    case TypeKind::Integer:
    case TypeKind::BigInt:
        return kind == Kind::Int ? integerObjection(value, column, dialect)
                                 : wrongKind(value, column);
    case TypeKind::Float:
        return kind == Kind::Float ? floatObjection(value.toDouble(), dialect)
                                   : wrongKind(value, column);
    case TypeKind::Numeric:
        if (kind == Kind::Float && column.pythonType == "float")
            return schema::fits(column, value) ? "" : "not kept unchanged by " + schema::toString(column.type);
        if (column.pythonType == "number" && (kind == Kind::Int || kind == Kind::Float))
            return numericObjection(value.text(), column, dialect);
        return kind == (column.pythonType == "int" ? Kind::Int : Kind::Decimal)
                   ? numericObjection(value.text(), column, dialect)
                   : wrongKind(value, column);
    case TypeKind::Boolean:
        return kind == Kind::Bool ? "" : wrongKind(value, column);
    case TypeKind::Text:
    case TypeKind::Varchar:
        if (kind == Kind::DateTime && column.pythonType == "datetime") return "";
        return isText ? textObjection(value.text(), column, inKey, dialect)
                      : wrongKind(value, column);
    case TypeKind::Date:
        return kind == Kind::Date ? momentObjection(value, TypeKind::Timestamp, dialect)
                                  : wrongKind(value, column);
    case TypeKind::Time:
        return kind == Kind::Time ? momentObjection(value, TypeKind::Timestamp, dialect)
                                  : wrongKind(value, column);
    case TypeKind::Timestamp:
    case TypeKind::TimestampTz:
        return kind == Kind::DateTime ? momentObjection(value, column.type.kind, dialect)
                                      : wrongKind(value, column);
    case TypeKind::Uuid:
        return kind == Kind::Uuid || (isText && schema::fits(column, value))
                   ? ""
                   : wrongKind(value, column);
    case TypeKind::Json:
        if (value.hasOpaque()) return "a part of it is not known without running the code";
        if (holdsSplitCharacter(value)) return "a text has two surrogates in turn, which JSON reads as one character";
        return schema::isPlainJson(value) || column.tagged
                   ? ""
                   : "the document holds what JSON does not know";
    case TypeKind::Bytes:
        return kind == Kind::Bytes ? "" : wrongKind(value, column);
    }
    return "";
}

namespace {

/// One table's rows under examination.
class TableExamination {
public:
    TableExamination(const schema::Table& table, const schema::TableRows& rows, Dialect dialect, std::string place)
        : table_(table), rows_(rows), dialect_(dialect), place_(std::move(place)) {}

    Status run(std::vector<std::string>& notes) {
        std::vector<bool> inKey;
        for (const schema::Column& column : table_.columns)
            inKey.push_back(isKeyed(column.name));
        std::vector<size_t> unknown(table_.columns.size(), 0);
        const auto reader = readAhead(rows_);
        while (const schema::RowValues* next = reader->next()) {
            const schema::RowValues& row = *next;
            if (row.size() != table_.columns.size())
                return database::makeError("internal", "rows of " + database::shown(table_.name) +
                                                           " do not match its columns");
            for (size_t i = 0; i < row.size(); ++i) {
                const schema::Column& column = table_.columns[i];
                const bool strict = inKey[i] && isIn(table_.primaryKey, column.name);
                std::string why =
                    objection(row[i], column, inKey[i] && (strict || !row[i].isNull()), dialect_);
                if (!why.empty()) object(row, column.name, why);
                if (row[i].isOpaque()) ++unknown[i];
            }
        }
        duplicates(table_.primaryKey, "primary key");
        for (const std::vector<std::string>& columns : table_.uniques)
            duplicates(columns, "unique");
        for (const schema::Index& index : table_.indexes)
            if (index.unique) duplicates(index.columns, "unique");
        for (size_t i = 0; i < unknown.size(); ++i)
            if (unknown[i] > 0)
                notes.push_back(table_.name + "." + table_.columns[i].name + ": " +
                                std::to_string(unknown[i]) +
                                " values are made when the code runs and are stored as NULL");
        return Ok{};
    }

    const std::vector<std::string>& objections() const { return objections_; }
    size_t count() const { return count_; }

private:
    static bool isIn(const std::vector<std::string>& names, const std::string& name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    bool isKeyed(const std::string& name) const {
        if (isIn(table_.primaryKey, name)) return true;
        for (const auto& columns : table_.uniques)
            if (isIn(columns, name)) return true;
        for (const schema::ForeignKey& key : table_.foreignKeys)
            if (isIn(key.columns, name)) return true;
        return false;
    }

    void duplicates(const std::vector<std::string>& columns, const char* what) {
        const DuplicateSearch search(table_, columns, dialect_);
        size_t count = 0;
        const std::vector<DuplicateSearch::Pair> pairs =
            search.find(rows_, kShownObjections, count);
        const auto reader = rows_.read();
        size_t number = 0;
        for (const auto& [first, second] : pairs) {
            const schema::RowValues* row = nullptr;
            for (; number <= second; ++number)
                row = reader->next();
            object(*row, join(columns, ", "),
                   std::string("the ") + what + " occurs twice (rows " +
                       std::to_string(first + 1) + " and " + std::to_string(second + 1) + ")");
        }
        count_ += count - pairs.size();
    }

    void object(const std::vector<Value>& row, const std::string& column, const std::string& why) {
        ++count_;
        if (objections_.size() >= kShownObjections) return;
        std::string key;
        for (size_t i = 0; i < table_.columns.size(); ++i)
            if (isIn(table_.primaryKey, table_.columns[i].name))
                key += (key.empty() ? "" : ", ") + table_.columns[i].name + "=" + toPython(row[i]);
        objections_.push_back(place_ + table_.name + "." + column +
                              (key.empty() ? "" : " of " + key.substr(0, 100)) + ": " + why);
    }

    const schema::Table& table_;
    const schema::TableRows& rows_;
    Dialect dialect_;
    std::string place_; // in the project, with what separates it
    std::vector<std::string> objections_;
    size_t count_ = 0;
};

} // namespace

Status examine(const schema::Schema& schema, const std::vector<schema::TableRows>& rows,
               Dialect dialect, std::vector<std::string>& notes, const std::map<std::string, std::string>& places) {
    std::vector<std::string> objections;
    size_t count = 0;
    for (const schema::TableRows& entry : rows) {
        const schema::Table* table = schema.table(entry.table);
        if (table == nullptr)
            return database::makeError("internal",
                                       "rows for a table that the schema does not have: " +
                                           database::shown(entry.table));
        const auto place = places.find(table->name);
        TableExamination examination(*table, entry, dialect, place == places.end() ? "" : place->second + ": ");
        if (Status done = examination.run(notes); !done) return done;
        objections.insert(objections.end(), examination.objections().begin(),
                          examination.objections().end());
        count += examination.count();
    }
    if (count == 0) return Ok{};
    objections.resize(std::min(objections.size(), kShownObjections));
    std::string message = std::to_string(count) + (count == 1 ? " value" : " values") +
                          " cannot be stored unchanged: " + join(objections, "; ");
    if (count > objections.size()) message += "; and more";
    return database::makeError(database::code::kData, message,
                               "change the data, or choose a database that can store it");
}

} // namespace covet::load
