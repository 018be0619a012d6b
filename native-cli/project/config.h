#pragma once

#include <map>
#include <string>
#include <vector>

#include "covet/core.h"
#include "project/project_files.h"

namespace covet::cli {

/// What a project's own configuration says: `covetpy-migrate.toml`, or `[tool.covetpy-migrate]` of its
/// `pyproject.toml`.
struct Config {
    std::string file; // relative to the project; "" = none
    std::string target;
    int phase = 0; // 0 = not said
    bool vendorRuntime = false;
    Selection selection; // without fileIgnores
    /// Glob as in .gitignore -> selectors.
    std::vector<std::pair<std::string, std::vector<std::string>>> fileIgnores;
    std::string baseline;            // path relative to the project; "" = none
    std::vector<std::string> rules;  // files and folders with rules, relative to the project
    schema::OverrideText schema;     // what is said about tables and columns
    std::map<std::string, uint32_t> lines; // of selectors and other words
};

/// Errors `config` (does not parse, unknown key, wrong type; with file and line) and `config-twice`.
Result<Config> readConfig(const std::string& root);

/// Completes the options of a command line with the configuration; the command line wins.
Options withConfig(const Options& options, const Config& config, const ProjectFiles& files);

/// Says where in the configuration the rule stands that an Error `unknown-rule` is about.
Error placedInConfig(Error error, const Config& config);

} // namespace covet::cli
