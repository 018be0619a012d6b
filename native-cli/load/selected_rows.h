#pragma once

#include <memory>
#include <vector>

#include "schema/model.h"

namespace covet::load {

/// The rows of a table that are flagged, in their order, made anew at each reading. `rows` must outlive them.
schema::TableRows selectedRows(const schema::TableRows& rows, std::vector<bool> flags);

} // namespace covet::load
