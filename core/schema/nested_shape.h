#pragma once

#include <string>

#include "schema/nested_rows.h"

namespace covet::schema {

/// What the values of one field have in common, as far as a table of their own goes.
struct NestedShape {
    Nesting nesting = Nesting::None;
    bool hasNone = false; // of Elements and Entries: some values are None, which is no list or dict without elements
    std::string reason;   // for people: what it is, or why there is no such table
};

/// The shape of a field ("" = the whole element) of the values that the reader gives.
NestedShape nestedShape(NestedReader& parents, const std::string& field);

} // namespace covet::schema
