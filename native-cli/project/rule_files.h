#pragma once

#include <string>
#include <vector>

#include "covet/core.h"

namespace covet::cli {

/// Reads a rule file, TOML or JSON by its name. Errors `rule-file` and those of reading.
Result<RuleFile> readRuleFile(const std::string& path);

/// Rule files below a folder (`.toml`, `.json`), or the one file that it is; sorted. Error `no-such-path`.
Result<std::vector<std::string>> ruleFilesIn(const std::string& path);

/// All rules of `paths`, relative to `root`.
Result<std::vector<RuleFile>> readRuleFiles(const std::string& root, const std::vector<std::string>& paths);

} // namespace covet::cli
