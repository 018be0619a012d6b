#pragma once

#include <map>
#include <string>

#include "schema/model.h"

namespace covet::emit {

struct ModelsOptions {
    /// Defining module of an application class by Table::elementClass, when it is not the part
    /// before the last dot.
    std::map<std::string, std::string> classModules;
    /// Fields that are members of enumerations with plain values: Table::elementClass -> field -> class.
    std::map<std::string, std::map<std::string, std::string>> members;
    /// Module whose import makes SQLAlchemy refuse values that do not fit the columns; "" for none.
    std::string rowChecks;
    /// First line of the file's docstring; "" for none.
    std::string title = "Database models.";
};

/// Text of a Python module with one SQLAlchemy 2.0 model per table (Python 3.9 or later).
///
/// Every model has
/// * `to_dict()`: the record as the application answered it, same keys, same order;
/// * `from_dict(data, key=None)` (class method): a row of such a record; `key` is the dict key of
///   stores whose records do not hold it;
/// * `apply(data)`: `record.update(data)` on the row;
/// * for stores of instances, `to_object()` and `from_object(object, key=None)`.
/// Rows of a store of scalars have `value` instead of a record.
std::string modelsText(const schema::Schema& schema, const ModelsOptions& options = {});

} // namespace covet::emit
