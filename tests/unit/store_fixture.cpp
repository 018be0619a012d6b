#include "store_fixture.h"

#include "emit/insert.h"
#include "emit/models.h"
#include "engine/project_loading.h"
#include "engine/store_data.h"
#include "rules/migration_context.h"
#include "rules/store/store_engine.h"
#include "schema/ddl.h"
#include "schema/inference.h"
#include "support/strings.h"

namespace covet::tests {
namespace {

/// Stands for a frontend: `@app.get("/x")` stays, but the frontend owns it.
void declareHandlers(rules::MigrationContext& context) {
    for (const auto& module : context.project().modules())
        for (const semantic::Function& function : module->functions)
            for (const syntax::Node& decorator : function.decorated.namedChildren()) {
                if (!decorator.is("decorator") || !startsWith(decorator.text(), "@app.")) continue;
                context.rewrite(*module).replace(decorator, std::string(decorator.text()));
                context.signatures(*module).makeAsync(function);
                context.handlers.push_back({module.get(), &function, "covetpy-0.1", true, ""});
            }
}

} // namespace

StoreMigration migrateStoresOf(const std::map<std::string, std::string>& files, bool bridgeOnly) {
    std::vector<InputFile> inputs;
    for (const auto& [path, text] : files) inputs.push_back({path, text});
    Result<engine::LoadedProject> loaded = engine::loadProject(inputs, {}, nullptr);
    StoreMigration out;
    if (!loaded) return out;
    rules::MigrationContext context(loaded->project);
    context.placeGeneratedModules(loaded->project.modules().front().get(), loaded->paths);
    declareHandlers(context);
    std::vector<facts::FoundStore> stores = engine::readStores(*loaded, {}, nullptr);
    std::vector<facts::Store> facts;
    for (const facts::FoundStore& store : stores) facts.push_back(store.fact);
    schema::Options options;
    for (const auto& module : loaded->project.modules())
        for (const semantic::Class& known : module->classes) options.takenNames.insert(known.name);
    schema::Schema schema = schema::inferSchema(facts, options);
    std::vector<rules::KeptStore> kept;
    out.uses = rules::migrateStores(context, {stores, schema, bridgeOnly}, kept);
    for (const auto& module : loaded->project.modules()) {
        context.signatures(*module).apply();
        Result<SharedText> text = context.rewrite(*module).apply();
        out.files[module->path()] = text ? text->string() : "error: " + text.error().code;
    }
    out.files.insert(context.generatedFiles.begin(), context.generatedFiles.end());
    out.files[context.modelsModule + ".py"] = emit::modelsText(schema, {{}, {}, context.rowChecks});
    std::string& sql = out.files["rows.sql"];
    const std::vector<schema::TableRows> rows = schema::tableRows(schema, facts);
    for (size_t i = 0; i < schema.tables.size(); ++i)
        sql += schema::createTableSql(schema.tables[i], schema::Dialect::Sqlite) +
               emit::insertSql(schema.tables[i], rows[i], schema::Dialect::Sqlite);
    out.findings = context.findings;
    for (const rules::KeptStore& known : kept)
        for (const facts::FoundStore& store : stores)
            if (store.fact.id == known.id) out.kept[store.fact.name] = known.reason;
    return out;
}

} // namespace covet::tests
