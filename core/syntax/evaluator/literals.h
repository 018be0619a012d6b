#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "syntax/tree.h"
#include "syntax/value.h"

namespace covet::syntax::eval {

/// Prefix letters (lower case) of a `string` node, without the quotes: "", "r", "rb", "f", "u".
std::string stringPrefix(const Node& string);

/// Content of a string or bytes literal; nothing if it cannot be known here (`\N{...}` names).
/// For f-strings this decodes one `string_content` run, where `{{` stands for `{`.
std::optional<std::string> decodeText(std::string_view raw, std::string_view prefix);

/// A `string` node without interpolations as Str or Bytes.
std::optional<Value> stringLiteral(const Node& string);

/// An `integer` or `float` node; complex numbers give nothing.
std::optional<Value> numberLiteral(std::string_view text);

/// An expression made of constants and displays only; nothing if anything else is in it.
std::optional<Value> plainLiteral(const Node& expression);

} // namespace covet::syntax::eval
