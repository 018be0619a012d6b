#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/shared_text.h"
#include "syntax/value.h"

namespace covet::syntax {

/// A large list or dict display of constants in a Python file. Its inside is left out of the syntax
/// tree but for the first element, and read from the text when somebody wants the elements: a tree
/// of it would take fifty times the room of the text.
struct BulkLiteral {
    size_t start = 0, end = 0; // of the display, brackets included
    size_t innerStart = 0;     // after the first element and its comma
    Value::Kind kind = Value::Kind::List;
    size_t count = 0;
    bool keysRepeat = false; // of a dict: keys may occur twice, the last value counts
};

/// Displays of constants of at least `minimum` bytes, in the order of the text. They follow `=`,
/// `:`, `,`, an opening bracket or `return`, so that they are no subscripts.
std::vector<BulkLiteral> findBulkLiterals(std::string_view text, size_t minimum);

/// The display as a value whose elements are read from `text` on demand.
Value bulkValue(const SharedText& text, const BulkLiteral& literal);

} // namespace covet::syntax
