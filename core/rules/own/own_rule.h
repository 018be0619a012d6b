#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/finding.h"
#include "rules/own/pattern.h"
#include "support/result.h"

namespace covet::rules {

/// An import that a replacement needs: `from module import name`, or `import module`.
struct OwnImport {
    std::string module, name;
};

/// A case that a rule file tests its rule with.
struct OwnTest {
    std::string name, input, expected;
};

/// A rule that the user wrote down, as data.
struct OwnRule {
    std::string id;      // kebab-case
    std::string message; // `$X` becomes what the pattern's variable stands for
    Safety safety = Safety::Manual;
    std::string reason; // kebab-case code: why it is not safe
    std::string hint;
    /// One of both: a dotted name ("acme.http.get") ...
    std::string from, to;
    /// ... whose calls may have keyword arguments renamed, or left out (nothing).
    std::map<std::string, std::optional<std::string>> arguments;
    bool decorators = false; // only where it is a decorator; without `to`, that one goes
    /// ... or a pattern and what takes its place; without the latter, it is only reported.
    std::optional<Pattern> pattern;
    std::optional<Template> replacement;
    std::vector<OwnImport> imports;
    /// The package and its versions for which the rule holds, as in a requirement: "acme", "<2".
    std::string package, versions;
    std::vector<OwnTest> tests;

    bool changes() const { return replacement || !to.empty() || !arguments.empty() || decorators; }
};

/// Reads `{"rules": [...]}`. `lines` leads from JSON pointers ("/rules/0/replace") to lines of the file that
/// the user wrote. Errors `rule-file`: it is no JSON, has an unknown key, a wrong type, or a pattern that
/// does not parse; with file and line.
Result<std::vector<OwnRule>> parseOwnRules(const std::string& path, const std::string& json,
                                           const std::map<std::string, uint32_t>& lines);

} // namespace covet::rules
