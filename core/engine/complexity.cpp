#include "engine/complexity.h"

#include <algorithm>
#include <set>

namespace covet::engine {
namespace {

constexpr int kMediumScore = 25;
constexpr int kHighScore = 80;

/// "1 route", "3 routes".
std::string counted(size_t count, const std::string& one, const std::string& many) {
    return std::to_string(count) + " " + (count == 1 ? one : many);
}

} // namespace

Complexity complexityOf(const Analysis& analysis) {
    Complexity result;
    auto add = [&](size_t count, int weight, const std::string& one, const std::string& many) {
        if (count == 0) return;
        result.score += static_cast<int>(std::min<size_t>(count, 1000)) * weight;
        result.reasons.push_back(counted(count, one, many));
    };
    size_t bridged = 0, manual = 0;
    for (const facts::StoreUse& use : analysis.uses) {
        bridged += use.outcome == facts::Outcome::Bridged;
        manual += use.outcome == facts::Outcome::Manual;
    }
    size_t unread = 0, unsupported = 0, opaque = 0, secrets = 0;
    for (const rules::Finding& finding : analysis.findings) {
        unread += finding.rule == "COV001" || finding.rule == "COV002" || finding.rule == "COV003";
        unsupported += finding.rule == "COV105" || finding.rule == "COV106" || finding.rule == "COV006";
        opaque += finding.rule == "COV301";
        secrets += finding.rule == "COV401";
    }
    add(analysis.routes.size(), 1, "route", "routes");
    add(analysis.schema.tables.size(), 2, "table", "tables");
    add(bridged, 1, "use of a store goes through the bridge", "uses of stores go through the bridge");
    add(manual, 4, "use of a store cannot be rewritten", "uses of stores cannot be rewritten");
    add(unsupported, 6, "application or handler is not rewritten", "applications or handlers are not rewritten");
    add(opaque, 5, "store has rows that cannot be known without running code",
        "stores have rows that cannot be known without running code");
    add(unread, 3, "file could not be read", "files could not be read");
    add(secrets, 1, "secret is kept in plain text", "secrets are kept in plain text");
    if (analysis.apps.size() > 1) add(analysis.apps.size(), 3, "application", "applications");
    result.level = result.score >= kHighScore ? "high" : result.score >= kMediumScore ? "medium" : "low";
    return result;
}

std::vector<PlanStep> planOf(const Analysis& analysis) {
    std::vector<PlanStep> steps;
    if (analysis.changes.empty()) return steps;
    auto add = [&](const char* id, std::string title, bool reversible, uint64_t rows) {
        steps.push_back({id, std::move(title), reversible, rows});
    };
    uint64_t rows = 0;
    for (const schema::TableRows& table : analysis.rows) rows += table.size();
    size_t code = 0, dependencies = 0;
    std::set<std::string> declared;
    for (const Dependency& dependency : analysis.dependencies)
        if (dependency.action != "keep") declared.insert(dependency.file);
    for (const FileChange& change : analysis.changes) ++(declared.count(change.path) ? dependencies : code);

    add("backup", "Back up " + counted(analysis.changes.size(), "file", "files"), true, 0);
    if (const size_t tables = analysis.schema.tables.size()) {
        add("schema", "Create " + counted(tables, "table", "tables"), true, 0);
        add("load", "Load " + counted(rows, "row", "rows"), true, rows);
        add("verify", "Compare every loaded row with its source", true, rows);
    }
    if (code) add("code", "Write " + counted(code, "file", "files"), true, 0);
    if (dependencies)
        add("dependencies", "Update " + counted(dependencies, "requirements file", "requirements files"), true, 0);
    add("report", "Write the report", true, 0);
    return steps;
}

} // namespace covet::engine
