#include "project/rule_files.h"

#include <algorithm>
#include <filesystem>

#include <toml++/toml.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "project/file_io.h"
#include "support/strings.h"

namespace covet::cli {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

/// The same as JSON, and where each part stands.
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

Result<RuleFile> readRuleFile(const std::string& path) {
    Result<std::string> bytes = readWhole(path);
    if (!bytes) return bytes.error();
    RuleFile file;
    file.path = path;
    if (endsWith(path, ".json")) {
        file.json = std::move(*bytes);
        return file;
    }
    try {
        const toml::table document = toml::parse(*bytes);
        file.json = jsonOf(document, "", file.lines).dump(-1, ' ', false, Json::error_handler_t::replace);
    } catch (const toml::parse_error& problem) {
        return Error{"rule-file", fmt::format("this is no TOML: {}", problem.description()), path,
                     problem.source().begin.line, "correct this line"};
    }
    return file;
}

Result<std::vector<std::string>> ruleFilesIn(const std::string& path) {
    std::error_code problem;
    if (fs::is_regular_file(path, problem)) return std::vector<std::string>{path};
    if (!fs::is_directory(path, problem))
        return Error{"no-such-path", "there is no such file or folder", path, 0, "rules are .toml or .json files"};
    std::vector<std::string> files;
    for (fs::recursive_directory_iterator entry(path, problem), end; !problem && entry != end; entry.increment(problem)) {
        const std::string extension = entry->path().extension().string();
        if (entry->is_regular_file(problem) && (extension == ".toml" || extension == ".json"))
            files.push_back(entry->path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

Result<std::vector<RuleFile>> readRuleFiles(const std::string& root, const std::vector<std::string>& paths) {
    std::vector<RuleFile> all;
    for (const std::string& path : paths) {
        Result<std::vector<std::string>> files = ruleFilesIn(startsWith(path, "/") ? path : root + "/" + path);
        if (!files) return files.error();
        for (const std::string& name : *files) {
            Result<RuleFile> file = readRuleFile(name);
            if (!file) return file.error();
            all.push_back(std::move(*file));
        }
    }
    return all;
}

} // namespace covet::cli
