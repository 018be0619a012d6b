#include "commands/rules_test.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/rule_case.h"
#include "project/file_io.h"
#include "project/rule_files.h"
#include "rules/own/own_rule.h"
#include "support/strings.h"
#include "terminal/analysis_text.h"
#include "text/unified_diff.h"

namespace covet::cli {
namespace {

namespace fs = std::filesystem;

struct Tally {
    size_t passed = 0, failed = 0;
    nlohmann::ordered_json cases = nlohmann::ordered_json::array();
};

constexpr const char* kModule = "module.py";

class Runner {
public:
    Runner(Terminal& terminal, Tally& tally) : terminal_(terminal), tally_(tally) {}

    /// `rules` = ids of those that take part; empty = all of the file.
    void run(const RuleFile& file, const std::vector<std::string>& rules, const rules::OwnTest& test) {
        const std::string name = fmt::format("{} {} {}", file.path, rules.empty() ? "ALL" : rules.front(), test.name);
        Result<std::string> once = engine::applyRules(file, rules, test.input);
        if (!once) return fails(name, once.error().message);
        if (*once != test.expected)
            return fails(name, "expected and actual differ:\n" + text::unifiedDiff(kModule, test.expected, *once));
        Result<std::string> twice = engine::applyRules(file, rules, *once);
        if (!twice) return fails(name, twice.error().message);
        if (*twice != *once)
            return fails(name, "a second run changes the result again:\n" + text::unifiedDiff(kModule, *once, *twice));
        ++tally_.passed;
        tally_.cases.push_back({{"name", name}, {"passed", true}, {"problem", ""}});
        terminal_.say("ok      " + name);
    }

    void fails(const std::string& name, const std::string& problem) {
        ++tally_.failed;
        tally_.cases.push_back({{"name", name}, {"passed", false}, {"problem", problem}});
        terminal_.say(terminal_.paint("FAILED  ", Style::Red) + name + "\n" + paintedDiff(terminal_, problem));
    }

private:
    Terminal& terminal_;
    Tally& tally_;
};

/// `NAME/CASE/` beside `NAME.toml`: a case of every rule in the file.
std::vector<rules::OwnTest> casesBeside(const std::string& path) {
    std::vector<rules::OwnTest> cases;
    std::error_code problem;
    const fs::path folder = fs::path(path).replace_extension("");
    for (const auto& entry : fs::directory_iterator(folder, problem)) {
        Result<std::string> input = readWhole((entry.path() / "input.py").string());
        if (!input) continue;
        Result<std::string> expected = readWhole((entry.path() / "expected.py").string());
        cases.push_back({entry.path().filename().string(), *input, expected ? *expected : *input});
    }
    std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    return cases;
}

} // namespace

Result<ExitCode> testRules(Context& context, const std::string& path) {
    Terminal& terminal = context.terminal;
    Result<std::vector<std::string>> files = ruleFilesIn(path);
    if (!files) return files.error();
    Tally tally;
    Runner runner(terminal, tally);
    for (const std::string& name : *files) {
        Result<RuleFile> file = readRuleFile(name);
        if (!file) return file.error();
        Result<std::vector<rules::OwnRule>> rules = rules::parseOwnRules(file->path, file->json, file->lines);
        if (!rules) return rules.error();
        for (const rules::OwnRule& rule : *rules) {
            for (const rules::OwnTest& test : rule.tests) runner.run(*file, {rule.id}, test);
            if (rule.tests.empty() && casesBeside(name).empty()) runner.fails(name + " " + rule.id, "the rule has no test");
        }
        for (const rules::OwnTest& test : casesBeside(name)) runner.run(*file, {}, test);
    }
    if (terminal.isJson())
        terminal.data(nlohmann::ordered_json{{"passed", tally.passed}, {"failed", tally.failed}, {"tests", tally.cases}}.dump(
                          2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
                      "\n");
    terminal.say(fmt::format("{} passed, {} failed", tally.passed, tally.failed));
    return tally.failed ? ExitCode::Findings : ExitCode::Ok;
}

} // namespace covet::cli
