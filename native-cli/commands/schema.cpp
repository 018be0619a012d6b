#include <memory>

#include "catalog/resource.h"
#include "commands/command.h"

namespace covet::cli {

Command schemaCommand() {
    auto of = std::make_shared<std::string>("report");
    Command command;
    command.name = "schema";
    command.summary = "Print the JSON Schema of a report";
    command.details = "The contract of `analyze --format json` and `run --format json` (covetpy-migrate/report/1), or of\n"
                      "`test --equivalence --format json` (covetpy-migrate/equivalence/1).";
    command.examples = "  covetpy-migrate schema > report.schema.json\n"
                       "  covetpy-migrate schema --of equivalence > equivalence.schema.json";
    command.takesProject = false;
    command.declare = [of](OptionSet& options) {
        options.choice("--of", *of, {"report", "equivalence"}, "Which report (default: report)");
    };
    command.run = [of](Context& context) -> Result<ExitCode> {
        context.terminal.data(catalog::resource("schemas/" + *of + "-1.schema.json"));
        return ExitCode::Ok;
    };
    return command;
}

} // namespace covet::cli
