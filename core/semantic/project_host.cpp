#include "semantic/project_host.h"

#include <vector>

namespace covet::semantic {
namespace {

/// The path without "." and ".." parts; "" if it leaves the project or is absolute.
std::string normalised(std::string_view path) {
    if (path.empty() || path[0] == '/' || path.find(':') != path.npos) return "";
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const size_t cut = path.find('/');
        const std::string_view part = path.substr(0, cut);
        path = cut == path.npos ? std::string_view() : path.substr(cut + 1);
        if (part.empty() || part == ".") continue;
        if (part == "..") {
            if (parts.empty()) return "";
            parts.pop_back();
        } else {
            parts.push_back(part);
        }
    }
    std::string out;
    for (const std::string_view part : parts)
        out += (out.empty() ? "" : "/") + std::string(part);
    return out;
}

} // namespace

ProjectHost::ProjectHost(const Project& project, FileReader reader)
    : project_(project), reader_(std::move(reader)) {}

const syntax::SourceModule& ProjectHost::sourceOf(const Module& module) {
    auto found = sources_.find(&module);
    if (found == sources_.end())
        found = sources_
                    .emplace(&module, syntax::SourceModule{module.name, module.path(), module.tree,
                                                           module.isPackage})
                    .first;
    return found->second;
}

const syntax::SourceModule* ProjectHost::module(std::string_view dotted) {
    const Module* module = project_.module(dotted);
    return module ? &sourceOf(*module) : nullptr;
}

syntax::FileAnswer ProjectHost::file(std::string_view path, const syntax::SourceModule& from) {
    if (!reader_) return {};
    const std::string direct = normalised(path);
    if (direct.empty()) return {};
    syntax::FileAnswer answer = reader_(direct);
    if (answer.kind != syntax::FileAnswer::Kind::Missing) return answer;
    const size_t cut = from.path.rfind('/');
    if (cut == std::string::npos) return answer;
    const std::string beside = normalised(from.path.substr(0, cut + 1) + std::string(path));
    return beside.empty() || beside == direct ? answer : reader_(beside);
}

} // namespace covet::semantic
