#include "emit/manifest.h"

#include "catalog/json_access.h"

namespace covet::emit {
namespace {

using catalog::Json;

constexpr int kManifestVersion = 1;

std::string keyOf(const std::string& method, const std::string& path) { return method + " " + path; }

} // namespace

std::string manifestText(std::string_view existing, const std::vector<facts::Route>& routes) {
    Json list = Json::array();
    std::vector<std::string> known;
    for (const facts::Route& route : routes) {
        known.push_back(keyOf(route.method, route.path));
        list.push_back({{"method", route.method},
                        {"path", route.path},
                        {"handler", route.handler},
                        {"file", route.where.file},
                        {"line", route.where.line},
                        {"is_async", route.isAsync}});
    }
    const Json before = existing.empty() ? Json() : catalog::parseJson(existing);
    for (const Json& route : catalog::member(before, "routes")) {
        const std::string key = keyOf(catalog::textOf(route, "method"), catalog::textOf(route, "path"));
        bool replaced = false;
        for (const std::string& name : known) replaced = replaced || name == key;
        if (!replaced && route.is_object()) list.push_back(route);
    }
    const Json manifest = {{"version", kManifestVersion}, {"routes", list}};
    return manifest.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace covet::emit
