#include "catalog/json_access.h"

namespace covet::catalog {

Json parseJson(std::string_view text) {
    return Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
}

const Json& member(const Json& object, std::string_view key) {
    static const Json kNull;
    if (!object.is_object()) return kNull;
    auto found = object.find(std::string(key));
    return found == object.end() ? kNull : *found;
}

std::string textOf(const Json& object, std::string_view key, std::string_view fallback) {
    const Json& value = member(object, key);
    return value.is_string() ? value.get<std::string>() : std::string(fallback);
}

long long integerOf(const Json& object, std::string_view key, long long fallback) {
    const Json& value = member(object, key);
    return value.is_number_integer() ? value.get<long long>() : fallback;
}

bool flagOf(const Json& object, std::string_view key, bool fallback) {
    const Json& value = member(object, key);
    return value.is_boolean() ? value.get<bool>() : fallback;
}

std::vector<std::string> textsOf(const Json& object, std::string_view key) {
    std::vector<std::string> found;
    for (const Json& item : member(object, key))
        if (item.is_string()) found.push_back(item.get<std::string>());
    return found;
}

} // namespace covet::catalog
