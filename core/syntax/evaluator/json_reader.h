#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "support/shared_text.h"
#include "syntax/value.h"

namespace covet::syntax::eval {

/// Python's json.loads: integers of any size, NaN and Infinity, last duplicate key wins.
/// Nothing if the text is not JSON.
std::optional<Value> readJson(std::string_view text);

/// A document whose large arrays and objects are read from the text when somebody wants their elements: the
/// whole, or values of an object that it is. They keep the text alive for that.
struct JsonDocument {
    std::optional<Value> whole;        // unless `parts` has it
    std::vector<Value::Entry> parts;   // of an object with few keys and large values
    bool isDeferred = false;           // `whole` is
    std::vector<bool> deferredParts;   // which values of `parts` are
};

/// Nothing if the text is not JSON.
std::optional<JsonDocument> readLargeJson(const SharedText& text);

} // namespace covet::syntax::eval
