#include <nlohmann/json.hpp>

#include <memory>

#include "commands/rules_test.h"
#include "rules/diagnostics.h"
#include "rules/rule.h"
#include "terminal/text_table.h"

namespace covet::cli {
namespace {

const char* safetyName(rules::Safety safety) {
    switch (safety) {
    case rules::Safety::Safe: return "safe";
    case rules::Safety::Unsafe: return "unsafe";
    case rules::Safety::Manual: return "manual";
    }
    return "";
}

std::string asJson() {
    nlohmann::ordered_json document;
    document["rules"] = nlohmann::ordered_json::array();
    for (const rules::Rule& rule : rules::rules())
        document["rules"].push_back({{"name", rule.name}, {"summary", rule.summary}});
    document["findings"] = nlohmann::ordered_json::array();
    for (const rules::Diagnostic& entry : rules::diagnostics())
        document["findings"].push_back({{"id", entry.id},
                                        {"name", entry.name},
                                        {"safety", safetyName(entry.safety)},
                                        {"message", entry.message}});
    return document.dump(2) + "\n";
}

} // namespace

Command rulesCommand() {
    struct Arguments {
        std::string action, folder;
    };
    auto arguments = std::make_shared<Arguments>();
    Command command;
    command.name = "rules";
    command.summary = "List the rewrite rules and every finding they can report";
    command.details = "Safety: safe keeps behaviour and is applied; unsafe is only offered; manual is shown, for you\n"
                      "to do. `explain ID` tells more about one of them. `rules test DIR` runs the tests of your own rule\n"
                      "files: exit code 10 when one fails.";
    command.examples = "  covetpy-migrate rules\n"
                       "  covetpy-migrate rules test ./migration-rules\n"
                       "  covetpy-migrate rules --format json";
    command.takesProject = false;
    command.declare = [arguments](OptionSet& options) {
        options.positional("ACTION", arguments->action, "test: run the tests of your own rules", false);
        options.positional("DIR", arguments->folder, "Folder with rule files, or one of them", false);
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        if (!arguments->action.empty() && arguments->action != "test")
            return Error{"usage", "rules knows no action " + arguments->action, "", 0, "covetpy-migrate rules test DIR"};
        if (arguments->action == "test" && arguments->folder.empty())
            return Error{"usage", "rules test needs a folder", "", 0, "covetpy-migrate rules test DIR"};
        if (arguments->action == "test") return testRules(context, arguments->folder);
        if (context.terminal.isJson()) {
            context.terminal.data(asJson());
            return ExitCode::Ok;
        }
        TextTable rules({"rule", "what it does"});
        for (const rules::Rule& rule : rules::rules())
            rules.add({std::string(rule.name), std::string(rule.summary)});
        TextTable findings({"finding", "name", "safety", "message"});
        for (const rules::Diagnostic& entry : rules::diagnostics())
            findings.add({std::string(entry.id), std::string(entry.name), safetyName(entry.safety),
                          std::string(entry.message)});
        context.terminal.data("Rules, in the order in which they run:\n" + rules.text());
        context.terminal.data("\nFindings ({} is what was found):\n" + findings.text());
        return ExitCode::Ok;
    };
    return command;
}

} // namespace covet::cli
