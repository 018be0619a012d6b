#pragma once

#include <set>
#include <string>
#include <string_view>

#include "facts/facts.h"

namespace covet::schema {

/// Names that no column, table or index of one scope has in common, whatever the case (SQLite and
/// MySQL do not tell `Name` from `name`).
class NameScope {
public:
    /// The name, or the first of `name_2`, `name_3`, ... that is free; it is taken from then on.
    std::string claim(const std::string& name);
    bool isFree(std::string_view name) const;

private:
    std::set<std::string> taken_; // folded
};

/// Simple case folding of the letters that column names may have; separators become one.
std::string foldCase(std::string_view name);

/// Whether a record's key can name a column in all three databases; others live in the document.
bool isColumnName(std::string_view key);
/// The database's name for a key: the key, unless it is a system column of PostgreSQL.
std::string columnName(const std::string& key);
/// A Python attribute for a column: not a keyword, not a name that the model class needs.
std::string attributeName(const std::string& column);

/// "users" for `users_db`, `MOCK_USERS`, `UserRepository._items`, `db["users"]`.
std::string tableName(const facts::Store& store);
/// "User" for "users"; "UserRow" if the project or the models' imports use that name.
std::string modelName(const std::string& table, const std::set<std::string>& takenNames);

} // namespace covet::schema
