#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace covet {

std::string_view trim(std::string_view text);
bool startsWith(std::string_view text, std::string_view prefix);
bool endsWith(std::string_view text, std::string_view suffix);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string toLower(std::string_view text);
std::string replaceAll(std::string text, std::string_view from, std::string_view to);

/// `snake_case` of an identifier: "orderItems" -> "order_items".
std::string snakeCase(std::string_view name);
/// `UpperCamel` of an identifier: "order_items" -> "OrderItems".
std::string upperCamel(std::string_view name);
/// English singular of a lower-case plural noun, by rule and a list of irregular words.
std::string singular(std::string_view plural);
/// English plural of a lower-case singular noun.
std::string plural(std::string_view singular);

/// A Python string literal with double quotes for a UTF-8 text.
std::string pythonQuote(std::string_view text);
bool isPythonIdentifier(std::string_view text);
bool isPythonKeyword(std::string_view text);

} // namespace covet
