#pragma once

#include <string>

#include "schema/model.h"

namespace covet::emit {

/// Text of a Python module with the Pydantic 2 schemas of each table (Python 3.9 or later).
///
/// * `ProductCreate`: what a client sends to make a record; keys that the database numbers are left out,
///   and fields with a default may be.
/// * `ProductRead`: what the application answers, field by field in the record's order; also made of a row
///   of the model (`ProductRead.model_validate(row)`).
///
/// Lengths of texts and ranges of integers are those of the columns. Fields whose key cannot be an attribute
/// are aliased. A store of single values has its key and `value`.
std::string schemasText(const schema::Schema& schema);

} // namespace covet::emit
