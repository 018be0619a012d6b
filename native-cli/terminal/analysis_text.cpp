#include "terminal/analysis_text.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "report/names.h"
#include "support/strings.h"
#include "terminal/text_table.h"
#include "text/unified_diff.h"

namespace covet::cli {
namespace {

constexpr size_t kShownFindings = 20;

const char* containerName(facts::Container container) {
    switch (container) {
    case facts::Container::List: return "list";
    case facts::Container::Dict: return "dict";
    case facts::Container::Set: return "set";
    case facts::Container::Scalar: return "scalar";
    }
    return "";
}

size_t rowsOf(const Analysis& analysis, const std::string& table) {
    for (const schema::TableRows& rows : analysis.rows)
        if (rows.table == table) return rows.size();
    return 0;
}

void showApps(Terminal& terminal, const Analysis& analysis) {
    TextTable table({"application", "framework", "where"});
    for (const facts::App& app : analysis.apps)
        table.add({fmt::format("{}:{}", app.module, app.attribute), app.framework,
                   fmt::format("{}:{}", app.where.file, app.where.line)});
    if (!table.empty()) terminal.say(table.text());
}

void showRoutes(Terminal& terminal, const Analysis& analysis) {
    TextTable table({"method", "path", "handler", "where"});
    for (const facts::Route& route : analysis.routes)
        table.add({route.method, route.path, route.handler,
                   fmt::format("{}:{}", route.where.file, route.where.line)});
    if (!table.empty()) terminal.say(table.text());
}

void showStores(Terminal& terminal, const Analysis& analysis) {
    TextTable table({"store", "kind", "table", "rows", "uses", "where"});
    for (const facts::Store& store : analysis.stores) {
        const schema::Table* made = analysis.schema.tableOfStore(store.id);
        auto uses = std::count_if(analysis.uses.begin(), analysis.uses.end(),
                                  [&](const facts::StoreUse& use) { return use.store == store.id; });
        table.add({store.name, containerName(store.container), made ? made->name : "-",
                   made ? std::to_string(rowsOf(analysis, made->name)) : "-", std::to_string(uses),
                   fmt::format("{}:{}", store.where.file, store.where.line)});
    }
    if (!table.empty()) terminal.say(table.text());
}

const char* outcomeName(rules::Outcome outcome) {
    switch (outcome) {
    case rules::Outcome::Fixed: return "fixed";
    case rules::Outcome::Offered: return "offered";
    case rules::Outcome::Skipped: return "by hand";
    case rules::Outcome::Suppressed: return "suppressed";
    case rules::Outcome::Baselined: return "baselined";
    }
    return "";
}

void showFindings(Terminal& terminal, const Analysis& analysis, bool all) {
    size_t open = 0, shown = 0;
    for (const rules::Finding& finding : analysis.findings) {
        bool isOpen = finding.outcome == rules::Outcome::Offered || finding.outcome == rules::Outcome::Skipped;
        open += isOpen;
        if (!all && (!isOpen || shown >= kShownFindings)) continue;
        ++shown;
        Style style = isOpen ? Style::Yellow : Style::Green;
        std::string reason = isOpen ? finding.safetyReason : finding.justification;
        if (!reason.empty()) reason = " (" + reason + ")";
        terminal.say(fmt::format("  {}:{}: {}{} [{}] {}{}", finding.file, finding.start.line,
                                 all ? finding.id + " " : "", terminal.paint(finding.rule, style), outcomeName(finding.outcome),
                                 finding.message, reason));
    }
    if (!all && open > shown) terminal.say(fmt::format("  ... and {} more; --all lists them", open - shown));
    if (shown) terminal.say("");
}

} // namespace

void showTables(Terminal& terminal, const Analysis& analysis) {
    TextTable table({"table", "rows", "columns", "primary key", "from"});
    for (const schema::Table& entry : analysis.schema.tables)
        table.add({entry.name, std::to_string(rowsOf(analysis, entry.name)), std::to_string(entry.columns.size()),
                   join(entry.primaryKey, ", "), entry.store});
    if (!table.empty()) terminal.say(table.text());
}

void showChanges(Terminal& terminal, const std::vector<FileChange>& changes) {
    TextTable table({"change", "file", "lines"});
    for (const FileChange& change : changes) {
        const char* kind = change.kind == ChangeKind::Create   ? "create"
                           : change.kind == ChangeKind::Delete ? "delete"
                                                               : "modify";
        const text::LineCounts lines = text::changedLines(change.before, change.after);
        table.add({kind, change.path, fmt::format("+{} -{}", lines.added, lines.removed)});
    }
    if (!table.empty()) terminal.say(table.text());
}

std::string paintedDiff(const Terminal& terminal, const std::string& patch) {
    std::string result;
    for (size_t at = 0; at < patch.size();) {
        size_t end = patch.find('\n', at);
        if (end == std::string::npos) end = patch.size();
        std::string_view line(patch.data() + at, end - at);
        bool isHead = startsWith(line, "diff ") || startsWith(line, "--- ") || startsWith(line, "+++ ");
        if (isHead)
            result += terminal.paint(line, Style::Bold);
        else if (startsWith(line, "+"))
            result += terminal.paint(line, Style::Green);
        else if (startsWith(line, "-"))
            result += terminal.paint(line, Style::Red);
        else if (startsWith(line, "@@"))
            result += terminal.paint(line, Style::Cyan);
        else
            result += line;
        if (end < patch.size()) result += '\n';
        at = end + 1;
    }
    return result;
}

std::string totalsText(const Analysis& analysis) {
    const report::FindingTotals totals = report::totalsOf(analysis.findings);
    std::string text = fmt::format("{} findings: {} fixed by `run`, {} offered, {} left to you", analysis.findings.size(),
                                   totals.fixed, totals.offered, totals.skipped);
    if (totals.suppressed) text += fmt::format(", {} suppressed", totals.suppressed);
    if (totals.baselined) text += fmt::format(", {} in the baseline", totals.baselined);
    return text;
}

void showAnalysis(Terminal& terminal, const ProjectAnalysis& project, bool all) {
    const Analysis& analysis = project.analysis;
    const Summary& summary = analysis.summary;
    terminal.say(terminal.paint(project.files.root, Style::Bold));
    terminal.say(fmt::format("{} files, {} parsed, {} left out; complexity: {}\n", summary.files, summary.parsed,
                             summary.skipped, analysis.complexity.level.empty() ? "-" : analysis.complexity.level));
    if (analysis.alreadyMigrated)
        terminal.say("The project is already migrated; there is nothing to do.\n");
    showApps(terminal, analysis);
    showRoutes(terminal, analysis);
    showStores(terminal, analysis);
    showFindings(terminal, analysis, all);
    terminal.say(totalsText(analysis));
    if (analysis.apps.empty() && analysis.stores.empty())
        terminal.say("No web application and no in-memory store was found here. If there is one, is it in a file "
                     "that .gitignore leaves out?");
    else if (!analysis.changes.empty())
        terminal.say(fmt::format("Next: covetpy-migrate code {} --diff", project.files.shownRoot));
}

} // namespace covet::cli
