#pragma once

#include <string>

#include "emit/model_parts.h"

namespace covet::emit {

/// The line `name: Mapped[T] = mapped_column(...)` of a column, without indentation; notes what the
/// line needs in `parts`.
std::string columnLine(const schema::Table& table, const schema::Column& column, ModelParts& parts);

/// Name of the helper that tests whether the column can hold a value; "None" if it takes any.
std::string fitsTest(const schema::Column& column, ModelParts& parts);

/// Whether a name of a column is a word that SQLite reserves and that SQLAlchemy 2.0 would not quote.
bool needsQuotes(const std::string& name);

} // namespace covet::emit
