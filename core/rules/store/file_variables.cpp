#include "rules/store/file_variables.h"

#include <set>
#include <string_view>

#include "support/strings.h"

namespace covet::rules {
namespace {

/// Names of files that say nothing about what is in them.
bool saysNothing(const std::string& name) {
    static const std::set<std::string> kNames = {"data", "db", "database", "store", "storage", "json", "file", "state"};
    return kNames.count(name) > 0;
}

/// `load_users` -> "users"; "" for names that are not like that.
std::string namedByReader(const facts::DataFile& file) {
    for (const facts::FileAccess& access : file.accesses) {
        if (access.kind != facts::FileAccess::Kind::Read || !access.function) continue;
        for (const char* verb : {"load_all_", "read_all_", "get_all_", "load_", "read_", "get_", "fetch_", "_load_", "_read_"})
            if (startsWith(access.function->name, verb)) return access.function->name.substr(std::string_view(verb).size());
    }
    return "";
}

} // namespace

std::string variableFor(const facts::DataFile& file) {
    std::string stem = file.path.substr(file.path.rfind('/') == std::string::npos ? 0 : file.path.rfind('/') + 1);
    stem = snakeCase(replaceAll(stem.substr(0, stem.find('.', 1)), "-", "_"));
    const std::string read = namedByReader(file);
    if (saysNothing(stem) && !read.empty() && !saysNothing(read)) stem = read;
    return isPythonIdentifier(stem) && !isPythonKeyword(stem) ? stem : "records";
}

std::vector<std::string> FileVariables::names() const {
    std::vector<std::string> names;
    for (const Part& part : parts) names.push_back(part.variable);
    if (!saved.empty()) names.push_back(saved);
    return names;
}

std::string FileVariables::copies() const {
    auto copied = [](const Part& part) { return part.isNumber ? part.variable : "deepcopy(" + part.variable + ")"; };
    if (parts.size() == 1 && parts[0].key.empty()) return copied(parts[0]);
    std::vector<std::string> entries;
    for (const Part& part : parts) entries.push_back(pythonQuote(part.key) + ": " + copied(part));
    return "{" + join(entries, ", ") + "}";
}

std::string FileVariables::assignments(const std::string& value, const std::string& document, const std::string& indent) const {
    const std::string last = saved.empty() ? "" : "\n" + indent + saved + " = True";
    if (parts.size() == 1 && parts[0].key.empty()) return parts[0].variable + " = " + value + last;
    std::string text = document + " = " + value;
    for (const Part& part : parts) text += "\n" + indent + part.variable + " = " + document + "[" + pythonQuote(part.key) + "]";
    return text + last;
}

} // namespace covet::rules
