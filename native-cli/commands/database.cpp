#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/run_options.h"
#include "emit/alembic.h"
#include "emit/models.h"
#include "emit/schemas.h"
#include "migration/left_stores.h"
#include "project/analysis.h"
#include "project/normalization.h"
#include "terminal/analysis_text.h"

namespace covet::cli {
namespace {

schema::Dialect dialectOf(const std::string& name) {
    return name == "postgresql" ? schema::Dialect::Postgres
           : name == "mysql"    ? schema::Dialect::Mysql
                                : schema::Dialect::Sqlite;
}

std::string jsonOf(const Analysis& analysis) {
    nlohmann::ordered_json report = nlohmann::ordered_json::parse(reportJson(analysis), nullptr, false);
    nlohmann::ordered_json document = {{"schema", report["schema"]}, {"rows", nlohmann::ordered_json::object()}};
    for (const schema::TableRows& rows : analysis.rows) document["rows"][rows.table] = rows.size();
    document["left"] = leftJson(leftStores(analysis, /*codeStays=*/true));
    return document.dump(2) + "\n";
}

Result<ExitCode> show(Context& context, const RunRequest& request, const std::string& emit, schema::Dialect dialect) {
    Terminal& terminal = context.terminal;
    Result<ProjectAnalysis> project = analyzeProject(context.common.projectPath, request.options, terminal,
                                                    /*useBaseline=*/true, request.extraction);
    if (!project) return project.error();
    if (request.normalize) normalize(project->analysis);
    const Analysis& analysis = project->analysis;
    if (emit == "sql")
        terminal.data(sqlScript(analysis, dialect, /*withRows=*/true));
    else if (emit == "models")
        terminal.data(emit::modelsText(analysis.schema));
    else if (emit == "schemas")
        terminal.data(emit::schemasText(analysis.schema));
    else if (emit == "alembic")
        terminal.data(emit::alembicRevision(analysis.schema));
    else if (emit == "json" || terminal.isJson())
        terminal.data(jsonOf(analysis));
    else {
        if (analysis.schema.tables.empty()) terminal.say("No in-memory store was found that could become a table.");
        showTables(terminal, analysis);
        showLeft(terminal, leftStores(analysis, /*codeStays=*/true));
    }
    return ExitCode::Ok;
}

} // namespace

Command databaseCommand() {
    struct Arguments {
        RunOptions values;
        std::string emit, dialect;
    };
    auto arguments = std::make_shared<Arguments>();
    arguments->values.request.kind = "database";
    arguments->values.request.changes = {false, false};
    Command command;
    command.name = "database";
    command.summary = "Show the tables, or create and load them, without touching the code";
    command.details = "Without --url: shows the tables that the stores become. With --emit: prints them, for a look or\n"
                      "for your own tools. With --url: creates and loads them, verifies every value, and leaves the\n"
                      "code alone; it asks first, unless --yes. Exit code 10 when the data of a store is not among them\n"
                      "or not known, 2 when none is: the output says which and why.";
    command.examples = "  covetpy-migrate database ./shop                                  # tables and row counts\n"
                       "  covetpy-migrate database ./shop --emit sql --dialect postgresql > shop.sql\n"
                       "  covetpy-migrate database ./shop --emit models                    # SQLAlchemy models\n"
                       "  covetpy-migrate database ./shop --emit schemas                   # Pydantic schemas\n"
                       "  covetpy-migrate database ./shop --emit alembic > migrations/versions/0001_tables.py\n"
                       "  covetpy-migrate database ./shop --url sqlite:///shop.db --dry-run";
    command.declare = [arguments](OptionSet& options) {
        declareDatabaseOptions(options, arguments->values);
        declareTargetOption(options, arguments->values.request.options.target);
        declarePhaseOption(options, arguments->values.phase);
        options.choice("--emit", arguments->emit, {"sql", "models", "schemas", "alembic", "json"}, "Print the schema and stop");
        options.choice("--dialect", arguments->dialect, {"sqlite", "postgresql", "mysql"},
                       "Of --emit sql (default: that of --url, else sqlite)");
        options.flag("--normalize", arguments->values.request.normalize,
                     "Tables of their own for lists and dicts in records, not documents; the code is not made for them");
        declareExtractionOptions(options, arguments->values.extraction);
        declareBackupOptions(options, arguments->values);
        options.flag("--dry-run", arguments->values.request.dryRun, "Connect and check, write nothing");
        options.flag("--yes,-y", arguments->values.request.consented, "Write without asking");
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        Result<RunRequest> wanted = requestOf(arguments->values);
        if (!wanted) return wanted.error();
        RunRequest& request = *wanted;
        schema::Dialect dialect = dialectOf(arguments->dialect);
        if (!request.url.empty()) {
            Result<database::Url> url = database::parseUrl(request.url);
            if (!url) return url.error();
            if (arguments->dialect.empty()) dialect = url->dialect;
        }
        if (!arguments->emit.empty() || request.url.empty()) return show(context, request, arguments->emit, dialect);
        return runMigration(context, request);
    };
    return command;
}

} // namespace covet::cli
