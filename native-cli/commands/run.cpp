#include <cstdlib>
#include <memory>

#include "commands/run_options.h"

namespace covet::cli {

Command runCommand() {
    auto values = std::make_shared<RunOptions>();
    Command command;
    command.name = "run";
    command.summary = "Migrate: back up, load and verify the database, then rewrite the code";
    command.details =
        "Shows what was found, the diff and the tables, and asks before it writes (--yes: does not ask).\n"
        "Then: backup, frozen plan, schema, load, verification, code, dependencies, report. The code comes\n"
        "last: it never points at a database that was not verified. If anything fails, and on Ctrl-C,\n"
        "everything that was done is undone. After a crash, `run` undoes the rest and starts again.\n"
        "The migrated application reads its database URL from DATABASE_URL, else from covetpy_config.json.";
    command.examples =
        "  covetpy-migrate run ./shop --url sqlite:///shop.db --dry-run   # show everything, write nothing\n"
        "  covetpy-migrate run ./shop --url sqlite:///shop.db             # show, ask, write\n"
        "  covetpy-migrate run ./shop --url postgresql://shop@db/shop --yes --format json\n"
        "                                       # password from PGPASSWORD or ~/.pgpass; report on stdout\n"
        "  covetpy-migrate rollback ./shop      # undo it";
    command.declare = [values](OptionSet& options) {
        declareDatabaseOptions(options, *values);
        declareCodeOptions(options, *values);
        declareSelectionOptions(options, values->selection);
        declareExtractionOptions(options, values->extraction);
        declareBackupOptions(options, *values);
        options.flag("--dry-run", values->request.dryRun, "Show everything, write nothing");
        options.flag("--yes,-y", values->request.consented, "Write without asking");
    };
    command.run = [values](Context& context) -> Result<ExitCode> {
        Result<RunRequest> wanted = requestOf(*values);
        if (!wanted) return wanted.error();
        RunRequest& request = *wanted;
        if (const char* variable = std::getenv("DATABASE_URL"); variable && request.url.empty()) request.url = variable;
        if (request.url.empty())
            return Error{"usage", "run needs the URL of a database", "", 0,
                         "add --url sqlite:///app.db (a file in the project), or a postgresql:// or mysql:// URL, or set DATABASE_URL"};
        Result<database::Url> url = database::parseUrl(request.url);
        if (!url) return url.error();
        request.options.databaseUrl = url->neutral();
        return runMigration(context, request);
    };
    return command;
}

} // namespace covet::cli
