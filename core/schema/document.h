#pragma once

#include <string>

#include "syntax/value.h"

namespace covet::schema {

/// How Python values travel in JSON documents without losing what they are.
///
/// What JSON knows stays as it is. Anything else is an object of one key that starts with '$':
/// `$tuple`, `$set`, `$frozenset` (arrays), `$dict` (pairs; keys that are no strings), `$decimal`, `$datetime`,
/// `$date`, `$time`, `$uuid`, `$bytes` (hexadecimal), `$float` ("nan", "inf", "-inf") (texts),
/// `$timedelta` (microseconds), `$object` ("module:Class" and fields), `$enum` ("module:Class" and name). A dict that would look like
/// one of these is written as `$dict`. The generated models read and write the same form.
Value toDocument(const Value& value, const std::string& module);

/// Whether JSON alone gives the value back: toDocument() would change nothing.
bool isPlainJson(const Value& value);

/// Text that every database's text column can hold: no NUL, no lone surrogate.
bool isStorableText(std::string_view text);

} // namespace covet::schema
