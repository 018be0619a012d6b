#include "catalog/resource.h"

namespace covet::catalog {

std::string_view resource(std::string_view name) {
    for (size_t i = 0; i < kResourceCount; ++i)
        if (kResources[i].name == name) return kResources[i].bytes;
    return {};
}

std::string joinedTemplates(std::initializer_list<const char*> parts) {
    std::string text;
    for (const char* part : parts) {
        if (!text.empty()) text += "\n\n";
        text += resource("templates/" + std::string(part) + ".py");
    }
    return text;
}

std::vector<ResourceEntry> resourcesUnder(std::string_view prefix) {
    std::vector<ResourceEntry> found;
    for (size_t i = 0; i < kResourceCount; ++i)
        if (kResources[i].name.substr(0, prefix.size()) == prefix) found.push_back(kResources[i]);
    return found;
}

} // namespace covet::catalog
