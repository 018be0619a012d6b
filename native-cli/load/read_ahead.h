#pragma once

#include "schema/model.h"

namespace covet::load {

/// Reads rows that are made when they are read in a thread of its own, some way ahead, so that
/// making them and sending or comparing them take place at once. Held rows are read as they are.
/// The rows must outlive the reader.
std::unique_ptr<schema::RowReader> readAhead(const schema::TableRows& rows);

} // namespace covet::load
