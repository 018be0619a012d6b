#pragma once

#include "schema/model.h"
#include "verify/row_digest.h"

namespace covet::load {

/// Reads rows that are made when they are read in a thread of its own, some way ahead, so that
/// making them and sending or comparing them take place at once. Held rows are read as they are.
/// The rows must outlive the reader.
/// A digest is given all rows that are made, in the thread that makes them, and finished after the
/// last one; rows that somebody holds leave it alone.
std::unique_ptr<schema::RowReader> readAhead(const schema::TableRows& rows,
                                             std::shared_ptr<verify::RowDigest> digest = nullptr);

} // namespace covet::load
