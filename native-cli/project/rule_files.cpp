#include "project/rule_files.h"

#include <algorithm>
#include <filesystem>

#include <toml++/toml.h>

#include <fmt/format.h>

#include "project/file_io.h"
#include "project/toml_json.h"
#include "support/strings.h"

namespace covet::cli {
namespace fs = std::filesystem;

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
        file.json = jsonText(document, file.lines);
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
