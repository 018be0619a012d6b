#pragma once

#include <map>
#include <optional>
#include <string>

#include "support/result.h"
#include "syntax/value.h"

namespace covet::engine {

/// What running a module says about the content of one store: a value, or why there is none.
struct Extracted {
    std::optional<Value> value;
    std::string error;
};

using ExtractedValues = std::map<std::string, Extracted>; // by id of the store

/// Reads `{"module:name": {"value": V} | {"error": text}}`, as resources/extraction/extract.py writes it.
///
/// V is null, true, false, a text, or a list of its kind and its content: `["int", "12"]`, likewise "float" (repr),
/// "decimal", "date", "time", "datetime" (ISO 8601), "timedelta" (microseconds), "uuid"; `["bytes", HEX]`;
/// `["surrogates", HEX]`, a text that UTF-8 cannot hold, as WTF-8; `["list", [V...]]`, likewise "tuple" and "set";
/// `["dict", [[V, V]...]]`; `["object", [CLASS, [[FIELD, V]...]]]`. Error `extraction` for anything else.
Result<ExtractedValues> readExtracted(const std::string& json);

} // namespace covet::engine
