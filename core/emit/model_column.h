#pragma once

#include <string>

#include "emit/model_parts.h"

namespace covet::emit {

/// The line `name: Mapped[T] = mapped_column(...)` of a column, without indentation; notes what the
/// line needs in `parts`.
std::string columnLine(const schema::Table& table, const schema::Column& column, ModelParts& parts);

/// Name of the helper that tests whether the column can hold a value; "None" if it takes any.
std::string fitsTest(const schema::Column& column, ModelParts& parts);

} // namespace covet::emit
