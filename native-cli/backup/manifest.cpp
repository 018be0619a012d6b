#include "backup/manifest.h"

#include <nlohmann/json.hpp>

#include "covet/core.h"
#include "project/project_files.h"

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;

Json nameJson(const std::string& name) {
    if (isUtf8(name)) return name;
    static constexpr char kHex[] = "0123456789abcdef";
    std::string hex;
    for (char c : name) {
        hex += kHex[static_cast<unsigned char>(c) >> 4];
        hex += kHex[static_cast<unsigned char>(c) & 15];
    }
    return {{"hex", hex}};
}

std::string nameOf(const Json& json) {
    if (json.is_string()) return json.get<std::string>();
    std::string hex = json.is_object() ? json.value("hex", "") : "";
    std::string name;
    for (size_t i = 0; i + 1 < hex.size(); i += 2)
        name += static_cast<char>(std::strtoul(hex.substr(i, 2).c_str(), nullptr, 16));
    return name;
}

} // namespace

const BackedUpFile* Manifest::file(const std::string& path) const {
    for (const BackedUpFile& entry : files)
        if (entry.path == path) return &entry;
    return nullptr;
}

std::string manifestText(const Manifest& manifest) {
    Json document = {{"backup", "covetpy-migrate/backup/1"},
                     {"tool", version()},
                     {"created", manifest.created},
                     {"project", nameJson(manifest.project)},
                     {"files", Json::array()},
                     {"links", Json::array()}};
    for (const BackedUpFile& file : manifest.files)
        document["files"].push_back({{"path", nameJson(file.path)},
                                     {"mode", file.mode},
                                     {"size", file.size},
                                     {"modified", {file.modifiedSeconds, file.modifiedNanoseconds}},
                                     {"sha256", file.sha256}});
    for (const BackedUpLink& link : manifest.links)
        document["links"].push_back({{"path", nameJson(link.path)}, {"target", nameJson(link.target)}});
    return document.dump(1) + "\n";
}

Result<Manifest> parseManifest(const std::string& text, const std::string& path) {
    Json document = Json::parse(text, nullptr, false);
    if (!document.is_object() || document.value("backup", "") != "covetpy-migrate/backup/1")
        return Error{"backup-damaged", "this is not the manifest of a backup", path, 0, "use another backup"};
    Manifest manifest;
    manifest.created = document.value("created", "");
    manifest.project = nameOf(document["project"]);
    for (const Json& entry : document["files"]) {
        BackedUpFile file;
        file.path = nameOf(entry["path"]);
        file.mode = entry.value("mode", 0u);
        file.size = entry.value("size", uint64_t{0});
        file.modifiedSeconds = entry["modified"][0].get<int64_t>();
        file.modifiedNanoseconds = entry["modified"][1].get<int64_t>();
        file.sha256 = entry.value("sha256", "");
        manifest.files.push_back(std::move(file));
    }
    for (const Json& entry : document["links"])
        manifest.links.push_back({nameOf(entry["path"]), nameOf(entry["target"])});
    return manifest;
}

} // namespace covet::cli
