#include "schema/naming.h"

#include <algorithm>
#include <array>

#include "support/strings.h"
#include "support/words.h"
#include "syntax/value.h"

namespace covet::schema {
namespace {

constexpr size_t kMaxNameBytes = 59; // PostgreSQL cuts at 63; `_2` and the like must fit
constexpr size_t kMaxTableBytes = 40;

/// Letters outside ASCII whose case and normal form are simple: a column of that name means the
/// same to Python and to all databases.
bool isSimpleLetter(uint32_t point) {
    return (point >= 0xC0 && point <= 0xFF && point != 0xD7 && point != 0xF7) ||
           (point >= 0x391 && point <= 0x3C9 && point != 0x3A2 && point != 0x3C2) ||
           (point >= 0x410 && point <= 0x44F) || (point >= 0x3041 && point <= 0x3096) ||
           (point >= 0x30A1 && point <= 0x30FA) || (point >= 0x4E00 && point <= 0x9FFF) ||
           (point >= 0xAC00 && point <= 0xD7A3);
}

bool isAsciiWord(uint32_t point) {
    return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') ||
           (point >= '0' && point <= '9') || point == '_';
}

constexpr Words kSystemColumns = {"oid",  "ctid", "xmin",    "xmax",
                                  "cmin", "cmax", "tableoid"};

/// Names that the class body of a model or SQLAlchemy's base class uses.
constexpr Words kReservedAttributes = {
    "metadata",    "registry",    "self",          "cls",
    "to_dict",     "from_dict",   "apply",         "to_object",
    "from_object", "Mapped",      "mapped_column", "Optional",
    "Any",         "dt",          "Decimal",       "UUID",
    "int",         "str",         "float",         "bool",
    "bytes",       "dict",        "list",          "object",
    "replace",     "_key",        "_renamed",      "_documents",
    "_fields",     "_optional",   "_extra",        "_usual",
    "classmethod", "super",       "next_position", "fields_of",
    "build",       "load_class",  "isinstance",    "Double",
    "OpenRecord",  "BigInteger",  "Boolean",       "Date",
    "DateTime",    "Float",       "ForeignKey",    "Index",
    "Integer",     "JSON",        "LargeBinary",   "Numeric",
    "String",      "Text",        "Time",          "UniqueConstraint",
    "Uuid",        "Document",    "DocumentKey", "PlainJson",   "ExactDecimal",
    "BigNumber",   "UtcDateTime", "IsoDateTime",   "func",
    "select",      "ExactFloat",  "AnyNumber",     "compiles"};

/// Class names of a generated module besides its models.
constexpr Words kReservedModels = {"Base",          "DeclarativeBase",
                                                            "TypeDecorator", "Mapped",
                                                            "Optional",      "Any",
                                                            "Decimal",       "UUID",
                                                            "BigInteger",    "Boolean",
                                                            "Date",          "DateTime",
                                                            "Float",         "ForeignKey",
                                                            "Index",         "Integer",
                                                            "JSON",          "LargeBinary",
                                                            "Numeric",       "String",
                                                            "Text",          "Time",
                                                            "Uuid",          "UniqueConstraint",
                                                            "Document",      "DocumentKey",   "PlainJson",
                                                            "ExactDecimal",  "BigNumber",
                                                            "UtcDateTime",   "IsoDateTime",
                                                            "Double",        "OpenRecord",
                                                            "StateValue",    "ExactFloat",    "AnyNumber",
                                                            // What rewritten modules import beside the models.
                                                            "Request",       "Response",
                                                            "HTTPException", "CovetApp",
                                                            "FastAPI",       "APIRouter",
                                                            "RouteGroup",    "Api",
                                                            "Resource",      "Depends",
                                                            "Annotated",     "AsyncSession",
                                                            "DatabaseSession", "DB"};

constexpr std::array<std::string_view, 25> kSuffixes = {
    "_database", "_db",    "_store", "_storage", "_list",   "_dict",       "_map",
    "_data",     "_table", "_mock",  "_fake",    "_memory", "_collection", "_by_id",
    "_by_name",  "_cache", "_repo",  "_records", "_rows",   "_registry",   "_set",
    "_mapping",  "_array", "_index", "_lookup"};
constexpr std::array<std::string_view, 14> kPrefixes = {
    "mock_", "fake_", "dummy_", "sample_", "in_memory_", "inmemory_", "db_",
    "all_",  "test_", "demo_",  "stored_", "the_",       "initial_",  "global_"};
/// Names that say "container" and nothing about what is in it.
constexpr Words kGeneric = {
    "db",         "data",      "database", "store",   "storage",  "records", "rows",
    "memory",     "repo",      "cache",    "mock",    "fake",     "state",   "items",
    "entries",    "list",      "dict",     "objects", "elements", "values",  "table",
    "collection", "in_memory", "d",        "_"};
constexpr std::array<std::string_view, 10> kOwnerSuffixes = {
    "_repository", "_repo", "_store", "_storage",  "_service",
    "_manager",    "_dao",  "_db",    "_database", "_table"};

std::string withoutAffixes(std::string name) {
    for (bool changed = true; changed;) {
        changed = false;
        for (const std::string_view suffix : kSuffixes)
            if (name.size() > suffix.size() && endsWith(name, suffix)) {
                name.resize(name.size() - suffix.size());
                changed = true;
            }
        for (const std::string_view prefix : kPrefixes)
            if (name.size() > prefix.size() && startsWith(name, prefix)) {
                name.erase(0, prefix.size());
                changed = true;
            }
        while (!name.empty() && name.front() == '_')
            name.erase(0, 1);
    }
    return name;
}

/// Cuts at a whole code point.
std::string cut(std::string name, size_t bytes) {
    if (name.size() <= bytes) return name;
    while (bytes > 0 && (static_cast<unsigned char>(name[bytes]) & 0xC0) == 0x80)
        --bytes;
    name.resize(bytes);
    return name;
}

} // namespace

std::string foldCase(std::string_view name) {
    std::string folded;
    for (size_t at = 0; at < name.size();) {
        uint32_t point = nextCodePoint(name, at);
        if (point >= 'A' && point <= 'Z') point += 32;
        if (point == ' ' || point == '-') point = '_'; // as in the names of SQLAlchemy's parameters
        if (point >= 0xC0 && point <= 0xDE && point != 0xD7) point += 32;
        if (point >= 0x391 && point <= 0x3A9) point += 32;
        if (point >= 0x410 && point <= 0x42F) point += 32;
        appendUtf8(folded, point);
    }
    return folded;
}

std::string NameScope::claim(const std::string& name) {
    std::string candidate = name;
    for (int number = 2; !taken_.insert(foldCase(candidate)).second; ++number)
        candidate = name + "_" + std::to_string(number);
    return candidate;
}

bool NameScope::isFree(std::string_view name) const {
    return !taken_.count(foldCase(name));
}

bool isColumnName(std::string_view key) {
    if (key.empty() || key.size() > kMaxNameBytes || key.front() == ' ' || key.back() == ' ')
        return false;
    for (size_t at = 0; at < key.size();) {
        const uint32_t point = nextCodePoint(key, at);
        if (!isAsciiWord(point) && point != ' ' && point != '-' && !isSimpleLetter(point))
            return false;
    }
    return true;
}

std::string columnName(const std::string& key) {
    return kSystemColumns.count(toLower(key)) ? key + "_" : key;
}

std::string attributeName(const std::string& column) {
    std::string name = column;
    std::replace(name.begin(), name.end(), ' ', '_');
    std::replace(name.begin(), name.end(), '-', '_');
    if (name.front() >= '0' && name.front() <= '9') name = "field_" + name;
    // Two leading underscores are mangled inside a class; `_sa_` belongs to SQLAlchemy.
    if (startsWith(name, "__") || startsWith(name, "_sa_") || name == "_")
        name = "field_" + name.substr(name.find_first_not_of('_') == std::string::npos
                                          ? name.size()
                                          : name.find_first_not_of('_'));
    if (isPythonKeyword(name) || kReservedAttributes.count(name)) name += '_';
    return name;
}

std::string tableName(const facts::Store& store) {
    std::string owner, variable = store.name;
    const size_t bracket = variable.find('[');
    if (bracket != std::string::npos && variable.back() == ']') {
        owner = variable.substr(0, bracket);
        variable = variable.substr(bracket + 1, variable.size() - bracket - 2);
    }
    const size_t dot = variable.rfind('.');
    if (dot != std::string::npos) {
        owner = variable.substr(0, dot);
        variable = variable.substr(dot + 1);
    }
    std::string name = withoutAffixes(snakeCase(variable));
    if (name.empty() || kGeneric.count(name)) {
        std::string better = snakeCase(owner);
        for (const std::string_view suffix : kOwnerSuffixes)
            if (better.size() > suffix.size() && endsWith(better, suffix))
                better.resize(better.size() - suffix.size());
        better = withoutAffixes(better);
        if (kGeneric.count(better)) better.clear();
        const size_t colon = store.elementClass.rfind(':');
        if (better.empty() && colon != std::string::npos)
            better = snakeCase(store.elementClass.substr(colon + 1));
        if (!better.empty()) name = better;
    }
    if (name.empty()) name = "records";
    name = cut(plural(singular(name)), kMaxTableBytes);
    const bool reserved = startsWith(name, "sqlite_") || startsWith(name, "covet_");
    return reserved ? "app_" + name : name;
}

std::string modelName(const std::string& table, const std::set<std::string>& takenNames) {
    std::string name = upperCamel(singular(table));
    if (name.empty() || (name[0] >= '0' && name[0] <= '9')) name = "Row" + name;
    const auto taken = [&](const std::string& candidate) {
        return takenNames.count(candidate) || kReservedModels.count(candidate) ||
               isPythonKeyword(candidate);
    };
    if (!taken(name)) return name;
    std::string candidate = name + "Row";
    for (int number = 2; taken(candidate); ++number)
        candidate = name + "Row" + std::to_string(number);
    return candidate;
}

} // namespace covet::schema
