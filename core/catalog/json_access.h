#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace covet::catalog {

/// Reading of JSON that was parsed without exceptions: a member that is absent or of another type
/// gives the fallback.

using Json = nlohmann::ordered_json;

/// Discarded value when the text is not JSON.
Json parseJson(std::string_view text);
/// Member of an object; a null value if there is none.
const Json& member(const Json& object, std::string_view key);
std::string textOf(const Json& object, std::string_view key, std::string_view fallback = "");
long long integerOf(const Json& object, std::string_view key, long long fallback = 0);
bool flagOf(const Json& object, std::string_view key, bool fallback = false);
std::vector<std::string> textsOf(const Json& object, std::string_view key);

} // namespace covet::catalog
