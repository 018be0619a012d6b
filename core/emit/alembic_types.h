#pragma once

#include <map>
#include <string>
#include <vector>

#include "schema/model.h"

namespace covet::emit {

/// Column types of a revision as SQLAlchemy expressions. A type that databases spell differently is
/// defined once, as a constant of the module.
class AlembicTypes {
public:
    /// The expression for a column of the type; `inKey` as in schema::typeSql.
    std::string expression(const schema::Type& type, bool inKey);
    /// `NAME = ...` of the constants used so far, one per line.
    std::string definitions() const;
    /// Whether a constant takes a type of `sqlalchemy.dialects.mysql`.
    bool needsMysql() const;

private:
    std::map<std::string, std::string> constants_; // name -> expression
};

} // namespace covet::emit
