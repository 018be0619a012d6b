#include <algorithm>
#include <map>

#include "covet/core.h"
#include "report/names.h"
#include "support/strings.h"

namespace covet {
namespace {

/// Text inside a table cell.
std::string cell(std::string text) {
    text = replaceAll(std::move(text), "\n", " ");
    return replaceAll(std::move(text), "|", "\\|");
}

std::string code(const std::string& text) { return text.empty() ? "" : "`" + cell(replaceAll(text, "`", "'")) + "`"; }

std::string place(const std::string& file, uint32_t line) { return code(file + ":" + std::to_string(line)); }

std::string row(const std::vector<std::string>& cells) { return "| " + join(cells, " | ") + " |\n"; }

std::string header(const std::vector<std::string>& titles) {
    return row(titles) + row(std::vector<std::string>(titles.size(), "---"));
}

std::string summaryText(const Analysis& analysis) {
    const report::FindingTotals findings = report::totalsOf(analysis.findings);
    const report::UseTotals uses = report::totalsOf(analysis.uses);
    std::string out = header({"what", "count"});
    auto add = [&](const char* what, size_t count) { out += row({what, std::to_string(count)}); };
    add("files", analysis.summary.files);
    add("Python files read", analysis.summary.parsed);
    add("files skipped", analysis.summary.skipped);
    add("routes", analysis.routes.size());
    add("stores", analysis.stores.size());
    add("store uses: exact", uses.exact);
    add("store uses: bridged", uses.bridged);
    add("store uses: by hand", uses.manual);
    add("findings: fixed", findings.fixed);
    add("findings: offered", findings.offered);
    add("findings: skipped", findings.skipped);
    add("findings: suppressed", findings.suppressed);
    add("findings: baselined", findings.baselined);
    add("findings: total", analysis.findings.size());
    out += "\nComplexity: **" + analysis.complexity.level + "** (" + std::to_string(analysis.complexity.score) + ")";
    if (!analysis.complexity.reasons.empty()) out += ": " + join(analysis.complexity.reasons, ", ");
    return out + ".\n";
}

std::string routesText(const Analysis& analysis) {
    if (analysis.routes.empty()) return "";
    std::string out = "\n## Routes\n\n" + header({"method", "path", "handler", "where"});
    for (const facts::Route& route : analysis.routes)
        out += row({route.method, code(route.path), code(route.handler), place(route.where.file, route.where.line)});
    return out;
}

std::string storesText(const Analysis& analysis) {
    if (analysis.stores.empty()) return "";
    std::string out = "\n## Stores\n\n" + header({"store", "shape", "table", "rows", "where"});
    for (const facts::Store& store : analysis.stores) {
        const schema::Table* table = analysis.schema.tableOfStore(store.id);
        const long long rows = report::rowsOf(analysis, store);
        out += row({code(store.name), report::shapeOf(store), table ? code(table->name) : "-",
                    rows < 0 ? "-" : std::to_string(rows), place(store.where.file, store.where.line)});
    }
    return out;
}

std::string tablesText(const Analysis& analysis) {
    if (analysis.schema.tables.empty()) return "";
    std::string out = "\n## Tables\n";
    for (const schema::Table& table : analysis.schema.tables) {
        out += "\n### " + code(table.name) + "\n\n" + header({"column", "type", "null", "why"});
        for (const schema::Column& column : table.columns)
            out += row({code(column.name), schema::toString(column.type), column.nullable ? "yes" : "no",
                        cell(column.evidence)});
        if (!table.primaryKey.empty()) out += "\nPrimary key: " + code(join(table.primaryKey, ", ")) + "\n";
        for (const schema::ForeignKey& key : table.foreignKeys)
            out += "\n" + code(join(key.columns, ", ")) + " refers to " + code(key.table) + " (" +
                   cell(key.evidence) + ")\n";
    }
    return out;
}

std::string findingsText(const Analysis& analysis) {
    // What is left to people comes first; what is fixed is counted by rule.
    std::string open, settled;
    std::map<std::string, size_t> fixed;
    for (const rules::Finding& finding : analysis.findings) {
        const bool isSettled =
            finding.outcome == rules::Outcome::Suppressed || finding.outcome == rules::Outcome::Baselined;
        if (finding.outcome == rules::Outcome::Fixed) ++fixed[finding.rule];
        else if (isSettled)
            settled += row({finding.rule, place(finding.file, finding.start.line), cell(finding.message),
                            report::nameOf(finding.outcome), cell(finding.justification)});
        else
            open += row({finding.rule, place(finding.file, finding.start.line), cell(finding.message),
                         code(finding.safetyReason), cell(finding.hint)});
    }
    std::string out;
    if (!open.empty())
        out += "\n## Left to you\n\n" + header({"rule", "where", "what", "reason", "next step"}) + open;
    if (!settled.empty())
        out += "\n## Suppressed or known\n\n" + header({"rule", "where", "what", "how", "why"}) + settled;
    if (fixed.empty()) return out;
    out += "\n## Rewritten\n\n" + header({"rule", "places"});
    for (const auto& [rule, count] : fixed) out += row({rule, std::to_string(count)});
    return out;
}

std::string changesText(const Analysis& analysis) {
    if (analysis.changes.empty()) return "";
    std::string out = "\n## Files\n\n" + header({"file", "change"});
    for (const FileChange& change : analysis.changes) out += row({code(change.path), report::nameOf(change.kind)});
    if (analysis.dependencies.empty()) return out;
    out += "\n## Dependencies\n\n" + header({"requirement", "action", "file", "why"});
    for (const Dependency& dependency : analysis.dependencies)
        out += row({code(dependency.requirement), dependency.action, code(dependency.file), cell(dependency.reason)});
    return out;
}

} // namespace

std::string reportMarkdown(const Analysis& analysis) {
    return "# Migration report\n\n" + summaryText(analysis) + routesText(analysis) + storesText(analysis) +
           tablesText(analysis) + findingsText(analysis) + changesText(analysis);
}

} // namespace covet
