#include "catalog/json_access.h"
#include "covet/core.h"
#include "report/names.h"

namespace covet {
namespace {

using catalog::Json;

Json summaryJson(const Analysis& analysis) {
    const report::UseTotals uses = report::totalsOf(analysis.uses);
    const report::FindingTotals findings = report::totalsOf(analysis.findings);
    return {{"files", analysis.summary.files},
            {"parsed", analysis.summary.parsed},
            {"skipped", analysis.summary.skipped},
            {"routes", analysis.routes.size()},
            {"stores", analysis.stores.size()},
            {"store_uses",
             {{"total", uses.total}, {"exact", uses.exact}, {"bridged", uses.bridged}, {"manual", uses.manual}}},
            {"findings",
             {{"total", analysis.findings.size()},
              {"fixed", findings.fixed},
              {"offered", findings.offered},
              {"skipped", findings.skipped},
              {"suppressed", findings.suppressed},
              {"baselined", findings.baselined}}},
            {"complexity",
             {{"level", analysis.complexity.level},
              {"score", analysis.complexity.score},
              {"reasons", analysis.complexity.reasons}}}};
}

Json appsJson(const std::vector<facts::App>& apps) {
    Json list = Json::array();
    for (const facts::App& app : apps)
        list.push_back({{"file", app.where.file},
                        {"module", app.module},
                        {"attribute", app.attribute},
                        {"framework", app.framework},
                        {"is_factory", app.isFactory}});
    return list;
}

Json routesJson(const std::vector<facts::Route>& routes) {
    Json list = Json::array();
    for (const facts::Route& route : routes)
        list.push_back({{"file", route.where.file},
                        {"line", route.where.line},
                        {"method", route.method},
                        {"path", route.path},
                        {"handler", route.handler},
                        {"framework", route.framework},
                        {"is_async", route.isAsync}});
    return list;
}

Json storesJson(const Analysis& analysis) {
    Json list = Json::array();
    for (const facts::Store& store : analysis.stores) {
        const schema::Table* table = analysis.schema.tableOfStore(store.id);
        const long long rows = report::rowsOf(analysis, store);
        list.push_back({{"name", store.name},
                        {"file", store.where.file},
                        {"line", store.where.line},
                        {"shape", report::shapeOf(store)},
                        {"table", table ? Json(table->name) : Json()},
                        {"rows", rows < 0 ? Json() : Json(rows)},
                        {"evidence", store.evidence}});
    }
    return list;
}

/// Name of a store by id, for people and scripts that know the code and not our ids.
std::string storeName(const Analysis& analysis, const std::string& id) {
    for (const facts::Store& store : analysis.stores)
        if (store.id == id) return store.name;
    return id;
}

Json usesJson(const Analysis& analysis) {
    Json list = Json::array();
    for (const facts::StoreUse& use : analysis.uses)
        list.push_back({{"store", storeName(analysis, use.store)},
                        {"file", use.where.file},
                        {"line", use.where.line},
                        {"function", use.function},
                        {"op", use.op},
                        {"outcome", report::nameOf(use.outcome)},
                        {"reason", use.reason}});
    return list;
}

Json findingsJson(const std::vector<rules::Finding>& findings) {
    Json list = Json::array();
    for (const rules::Finding& finding : findings)
        list.push_back({{"id", finding.id},
                        {"rule", finding.rule},
                        {"file", finding.file},
                        {"start", {{"line", finding.start.line}, {"column", finding.start.column}}},
                        {"end", {{"line", finding.end.line}, {"column", finding.end.column}}},
                        {"message", finding.message},
                        {"outcome", report::nameOf(finding.outcome)},
                        {"safety", report::nameOf(finding.safety)},
                        {"safety_reason", finding.safetyReason},
                        {"fix", finding.fix},
                        {"hint", finding.hint},
                        {"group", finding.group},
                        {"justification", finding.justification}});
    return list;
}

Json columnJson(const schema::Column& column) {
    Json fallback;
    if (column.defaultValue) {
        fallback = Json::parse(toJson(*column.defaultValue), nullptr, /*allow_exceptions=*/false);
        // Python writes NaN and infinities as words that are not JSON.
        if (fallback.is_discarded()) fallback = toJson(*column.defaultValue);
    }
    return {{"name", column.name},
            {"type", schema::toString(column.type)},
            {"nullable", column.nullable},
            {"unique", column.unique},
            {"default", fallback},
            {"evidence", column.evidence}};
}

Json tableJson(const schema::Table& table) {
    Json columns = Json::array(), foreignKeys = Json::array(), indexes = Json::array();
    for (const schema::Column& column : table.columns) columns.push_back(columnJson(column));
    for (const schema::ForeignKey& key : table.foreignKeys)
        foreignKeys.push_back({{"columns", key.columns},
                               {"references", {{"table", key.table}, {"columns", key.references}}},
                               {"evidence", key.evidence}});
    for (const schema::Index& index : table.indexes)
        indexes.push_back({{"columns", index.columns}, {"unique", index.unique}});
    return {{"name", table.name},
            {"columns", columns},
            {"primary_key", table.primaryKey},
            {"uniques", table.uniques},
            {"foreign_keys", foreignKeys},
            {"indexes", indexes}};
}

Json schemaJson(const schema::Schema& schema) {
    Json tables = Json::array();
    for (const schema::Table& table : schema.tables) tables.push_back(tableJson(table));
    return {{"tables", tables}};
}

Json dependenciesJson(const std::vector<Dependency>& dependencies) {
    Json list = Json::array();
    for (const Dependency& dependency : dependencies)
        list.push_back({{"name", dependency.name},
                        {"requirement", dependency.requirement},
                        {"file", dependency.file},
                        {"action", dependency.action},
                        {"reason", dependency.reason}});
    return list;
}

Json planJson(const std::vector<PlanStep>& plan) {
    Json list = Json::array();
    for (const PlanStep& step : plan)
        list.push_back({{"id", step.id},
                        {"title", step.title},
                        {"reversible", step.reversible},
                        {"rows", step.rows}});
    return list;
}

Json changesJson(const std::vector<FileChange>& changes) {
    Json list = Json::array();
    for (const FileChange& change : changes)
        list.push_back({{"file", change.path}, {"kind", report::nameOf(change.kind)}});
    return list;
}

/// Invalid UTF-8 in paths or messages is replaced, never refused.
std::string textOf(const Json& json) {
    return json.dump(2, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace) + "\n";
}

} // namespace

std::string reportJson(const Analysis& analysis) {
    return textOf({{"report", "covetpy-migrate/report/1"},
                   {"summary", summaryJson(analysis)},
                   {"apps", appsJson(analysis.apps)},
                   {"routes", routesJson(analysis.routes)},
                   {"stores", storesJson(analysis)},
                   {"store_uses", usesJson(analysis)},
                   {"findings", findingsJson(analysis.findings)},
                   {"schema", schemaJson(analysis.schema)},
                   {"dependencies", dependenciesJson(analysis.dependencies)},
                   {"plan", planJson(analysis.plan)},
                   {"changes", changesJson(analysis.changes)},
                   {"migrated_apps", appsJson(analysis.migratedApps)},
                   {"already_migrated", analysis.alreadyMigrated}});
}

std::string errorJson(const Error& error) {
    return textOf({{"error",
                    {{"code", error.code},
                     {"message", error.message},
                     {"file", error.file},
                     {"line", error.line},
                     {"hint", error.hint}}}});
}

} // namespace covet
