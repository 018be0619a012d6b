#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "catalog/breaking_changes.h"
#include "catalog/resource.h"
#include "commands/command.h"
#include "project/analysis.h"
#include "rules/diagnostics.h"
#include "rules/rule.h"
#include "support/strings.h"
#include "support/suggest.h"

namespace covet::cli {
namespace {

const char* meaningOf(rules::Safety safety) {
    switch (safety) {
    case rules::Safety::Safe: return "safe: behaviour is kept; applied by `code --write` and `run`";
    case rules::Safety::Unsafe: return "unsafe: valid code, but behaviour may change; only offered";
    case rules::Safety::Manual: return "manual: shown with its reason; nothing is changed";
    }
    return "";
}

const char* outcomeName(rules::Outcome outcome) {
    switch (outcome) {
    case rules::Outcome::Fixed: return "fixed";
    case rules::Outcome::Offered: return "offered";
    case rules::Outcome::Skipped: return "skipped";
    case rules::Outcome::Suppressed: return "suppressed";
    case rules::Outcome::Baselined: return "baselined";
    }
    return "";
}

std::string pageOf(std::string_view id) {
    return std::string(catalog::resource(fmt::format("findings/{}.md", id)));
}

const rules::Diagnostic* find(const std::string& typed) {
    for (const rules::Diagnostic& entry : rules::diagnostics())
        if (toLower(entry.id) == toLower(typed) || entry.name == toLower(typed)) return &entry;
    return nullptr;
}

void showDiagnostic(Terminal& terminal, const rules::Diagnostic& entry) {
    if (terminal.isJson()) {
        nlohmann::ordered_json document = {{"id", entry.id},
                                           {"name", entry.name},
                                           {"message", entry.message},
                                           {"safety", meaningOf(entry.safety)},
                                           {"text", pageOf(entry.id)}};
        terminal.data(document.dump(2) + "\n");
        return;
    }
    terminal.data(fmt::format("{} {}\n  {}\n  {}\n", terminal.paint(entry.id, Style::Bold), entry.name,
                              entry.message, meaningOf(entry.safety)));
    std::string page = pageOf(entry.id);
    if (!page.empty()) terminal.data("\n" + page);
}

void showFinding(Terminal& terminal, const rules::Finding& finding) {
    if (terminal.isJson()) {
        nlohmann::ordered_json document = {{"id", finding.id},
                                           {"rule", finding.rule},
                                           {"file", finding.file},
                                           {"line", finding.start.line},
                                           {"message", finding.message},
                                           {"outcome", outcomeName(finding.outcome)},
                                           {"safety_reason", finding.safetyReason},
                                           {"hint", finding.hint},
                                           {"fix", finding.fix},
                                           {"text", pageOf(finding.rule)}};
        terminal.data(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
        return;
    }
    terminal.data(fmt::format("{} {}\n  --> {}:{}:{}\n  outcome: {}\n", terminal.paint(finding.rule, Style::Bold),
                              finding.message, finding.file, finding.start.line, finding.start.column,
                              outcomeName(finding.outcome)));
    if (!finding.safetyReason.empty()) terminal.data(fmt::format("  reason: {}\n", finding.safetyReason));
    if (!finding.hint.empty()) terminal.data(fmt::format("  = help: {}\n", finding.hint));
    if (!finding.fix.empty()) terminal.data("\n" + finding.fix);
    std::string page = pageOf(finding.rule);
    if (!page.empty()) terminal.data("\n" + page);
}

void showChange(Terminal& terminal, const catalog::BreakingChange& change) {
    if (terminal.isJson()) {
        nlohmann::ordered_json document = {{"id", change.id},
                                           {"category", catalog::nameOf(change.category)},
                                           {"title", change.title},
                                           {"description", change.description},
                                           {"migration_guide", change.migrationGuide},
                                           {"real_world_impact", change.realWorldImpact},
                                           {"automation_available", change.automationAvailable()},
                                           {"rules", change.rules}};
        terminal.data(document.dump(2) + "\n");
        return;
    }
    terminal.data(fmt::format("{} {}\n  {}\n  what to do: {}\n  impact: {}\n", terminal.paint(change.id, Style::Bold),
                              change.title, change.description, change.migrationGuide, change.realWorldImpact));
    if (!change.rules.empty()) terminal.data(fmt::format("  done by: {}\n", join(change.rules, ", ")));
}

Error unknownId(const std::string& typed) {
    std::vector<std::string> known;
    for (const rules::Diagnostic& entry : rules::diagnostics()) {
        known.emplace_back(entry.id);
        known.emplace_back(entry.name);
    }
    std::string near = closest(typed, known);
    if (near.empty()) near = closest("COV" + typed, known);
    return {"unknown-id", fmt::format("nothing is known under the id {}", typed), "", 0,
            near.empty() ? "covetpy-migrate rules lists the rules; ids of findings are in `analyze --format json` "
                           "of the same, unchanged project"
                         : fmt::format("did you mean {}?", near)};
}

} // namespace

Command explainCommand() {
    auto id = std::make_shared<std::string>();
    Command command;
    command.name = "explain";
    command.summary = "Explain a rule, or one finding of a project";
    command.details = "ID is a rule (COV204 or store-use-manual), a rewrite rule (legacy-apps), a breaking change\n"
                      "(mock_data_removal) or the id of a finding in the report; for the latter the project is\n"
                      "analysed again.";
    command.examples = "  covetpy-migrate explain COV204\n"
                       "  covetpy-migrate explain 3f9c2b1a7d40 ./shop";
    command.declare = [id](OptionSet& options) { options.positional("ID", *id, "Rule or finding", true); };
    command.run = [id](Context& context) -> Result<ExitCode> {
        Terminal& terminal = context.terminal;
        if (const rules::Diagnostic* entry = find(*id)) {
            showDiagnostic(terminal, *entry);
            return ExitCode::Ok;
        }
        for (const rules::Rule& rule : rules::rules()) {
            if (rule.name != *id) continue;
            terminal.data(terminal.isJson()
                              ? nlohmann::ordered_json{{"name", rule.name}, {"summary", rule.summary}}.dump(2) + "\n"
                              : fmt::format("{}\n  {}\n", terminal.paint(rule.name, Style::Bold), rule.summary));
            return ExitCode::Ok;
        }
        if (const catalog::BreakingChange* change = catalog::breakingChange(*id)) {
            showChange(terminal, *change);
            return ExitCode::Ok;
        }
        bool looksLikeHash = id->find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!looksLikeHash) return unknownId(*id);
        Result<ProjectAnalysis> project = analyzeProject(context.common.projectPath, configuredOptions(), terminal);
        if (!project) return project.error();
        for (const rules::Finding& finding : project->analysis.findings) {
            if (finding.id != *id) continue;
            showFinding(terminal, finding);
            return ExitCode::Ok;
        }
        return unknownId(*id);
    };
    return command;
}

} // namespace covet::cli
