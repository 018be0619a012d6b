#include "catalog/resource.h"

namespace covet::catalog {

// Where the program comes in parts, the bytes of late resources come with the part that holds this function. The pointer
// keeps compilers from putting it in place of its call.
std::string_view lateBytes(const ResourceEntry& entry) { return entry.isLate ? entry.bytes : std::string_view(); }
std::string_view (*bringLateBytes)(const ResourceEntry& entry) = lateBytes;

namespace {

const ResourceEntry* entryOf(std::string_view name) {
    for (size_t i = 0; i < kResourceCount; ++i)
        if (kResources[i].name == name) return &kResources[i];
    return nullptr;
}

std::string_view bytesOf(const ResourceEntry& entry) { return entry.isLate ? bringLateBytes(entry) : entry.bytes; }

} // namespace

std::string_view resource(std::string_view name) {
    const ResourceEntry* entry = entryOf(name);
    return entry ? bytesOf(*entry) : std::string_view();
}

std::string_view firstLineOf(std::string_view name) {
    const ResourceEntry* entry = entryOf(name);
    return entry ? entry->firstLine : std::string_view();
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
        if (kResources[i].name.substr(0, prefix.size()) == prefix)
            found.push_back({kResources[i].name, kResources[i].firstLine, bytesOf(kResources[i])});
    return found;
}

} // namespace covet::catalog
