#include "project/toml_json.h"

#include <nlohmann/json.hpp>

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const toml::node& node, const std::string& pointer, std::map<std::string, uint32_t>& lines) {
    lines[pointer] = node.source().begin.line;
    if (const toml::table* table = node.as_table()) {
        Json object = Json::object();
        for (const auto& [key, value] : *table) {
            const std::string name(key.str());
            object[name] = jsonOf(value, pointer + "/" + name, lines);
            lines[pointer + "/" + name] = key.source().begin.line;
        }
        return object;
    }
    if (const toml::array* array = node.as_array()) {
        Json list = Json::array();
        for (const toml::node& item : *array) list.push_back(jsonOf(item, pointer + "/" + std::to_string(list.size()), lines));
        return list;
    }
    if (const auto text = node.value_exact<std::string>()) return *text;
    if (const auto flag = node.value_exact<bool>()) return *flag;
    if (const auto number = node.value_exact<int64_t>()) return *number;
    if (const auto number = node.value_exact<double>()) return *number;
    return Json();
}

} // namespace

std::string jsonText(const toml::node& node, std::map<std::string, uint32_t>& lines) {
    return jsonOf(node, "", lines).dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace covet::cli
