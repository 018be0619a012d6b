#pragma once

#include <string>
#include <vector>

#include "facts/facts.h"
#include "schema/overrides.h"
#include "schema/store_rows.h"

namespace covet::schema {

/// Changes single columns of one table as the user says, where the rows of its store allow it.
class ColumnChange {
public:
    ColumnChange(Table& table, const facts::Store& store, const Overrides& overrides)
        : table_(table), store_(store), overrides_(overrides) {}

    /// Type, nullability, default, enumeration, uniqueness, index. Names and references come later.
    Status apply(Column& column, const ColumnOverride& said);
    /// A type that every row's value fits; `place` is where the user says so.
    Status retype(Column& column, const Type& wanted, const std::string& place);
    /// Each row has its own values in these columns, None apart.
    Status makeUnique(const std::vector<std::string>& names, const std::string& place);
    void addIndex(const std::vector<std::string>& names) const;

    /// The column that the user means by its name or by the key of the records; null if there is none.
    Column* find(const std::string& name) const;
    Error unknownColumn(const std::string& name, const std::string& place) const;

    /// "row 3 (id=7)".
    std::string shown(const StoreRow& row, size_t number) const;

private:
    Status makeMoney(Column& column, const std::string& place);
    Status setNullable(Column& column, bool nullable, const std::string& place) const;
    Status setDefault(Column& column, const Value& value, const std::string& place) const;
    Status setEnumeration(Column& column, const std::vector<std::string>& words, const std::string& place) const;
    void dropUnique(Column& column) const;
    bool isKey(const Column& column) const;

    Table& table_;
    const facts::Store& store_;
    const Overrides& overrides_;
};

/// Adds a decision to the evidence of a column.
void note(Column& column, const std::string& decision);

} // namespace covet::schema
