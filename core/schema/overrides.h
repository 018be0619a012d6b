#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schema/model.h"
#include "support/result.h"

namespace covet::schema {

/// The part of the configuration that is about the schema: `{table: {setting: value}}`.
struct OverrideText {
    std::string path; // for messages
    std::string json; // "" = nothing is said
    /// JSON pointer -> line of the file that the user wrote; may be empty.
    std::map<std::string, uint32_t> lines;
};

/// What the user says about one column. What is not said stays as rows and code have it.
struct ColumnOverride {
    std::string column; // its name in the inferred table, or the key of the records
    std::string place;  // JSON pointer
    std::optional<std::string> name;
    std::optional<Type> type;
    bool money = false; // an exact number as wide as the rows need
    std::optional<bool> nullable, unique, index, enforced;
    std::optional<Value> defaultValue;
    std::optional<std::vector<std::string>> enumeration; // empty = none
    std::optional<std::string> references;               // "table" or "table.column"; "" = nothing
    std::optional<ReferenceAction> onDelete, onUpdate;
};

struct TableOverride {
    std::string table; // the inferred name, or that of the variable
    std::string place;
    std::optional<std::string> name;
    std::optional<std::string> primaryKey; // "" = a made-up one
    std::vector<std::vector<std::string>> uniques, indexes;
    std::vector<ColumnOverride> columns;
};

struct Overrides {
    std::vector<TableOverride> tables;
    OverrideText text;

    /// An Error `config` with the file and the line of a JSON pointer.
    Error error(const std::string& place, std::string message, std::string hint) const;
    /// An Error `override-refused`: what is said does not go with rows or code.
    Error refusal(const std::string& place, std::string message) const;
};

/// Errors `config`: unknown settings, wrong types.
Result<Overrides> readOverrides(const OverrideText& text);

/// The type that a text like "varchar(40)" or "numeric(10, 2)" names.
std::optional<Type> typeNamed(const std::string& text);

} // namespace covet::schema
