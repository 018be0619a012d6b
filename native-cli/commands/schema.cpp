#include "catalog/resource.h"
#include "commands/command.h"

namespace covet::cli {

Command schemaCommand() {
    Command command;
    command.name = "schema";
    command.summary = "Print the JSON Schema of the report";
    command.details = "The contract of `analyze --format json` and `run --format json`: covetpy-migrate/report/1.";
    command.examples = "  covetpy-migrate schema > report.schema.json";
    command.takesProject = false;
    command.run = [](Context& context) -> Result<ExitCode> {
        context.terminal.data(catalog::resource("schemas/report-1.schema.json"));
        return ExitCode::Ok;
    };
    return command;
}

} // namespace covet::cli
