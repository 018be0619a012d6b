#pragma once

#include <string>

namespace covet {

/// The folder of a path in the project: "" for one without any.
inline std::string folderOf(const std::string& path) {
    const size_t cut = path.rfind('/');
    return cut == std::string::npos ? "" : path.substr(0, cut);
}

/// The path of a name in a folder; "" is the project's root.
inline std::string inFolder(const std::string& folder, const std::string& name) {
    return folder.empty() ? name : folder + "/" + name;
}

} // namespace covet
