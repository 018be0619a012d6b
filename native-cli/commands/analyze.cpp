#include <memory>

#include "commands/run_options.h"
#include "commands/selection_options.h"
#include "commands/watching.h"
#include "project/analysis.h"
#include "report/exchange.h"
#include "terminal/analysis_text.h"

namespace covet::cli {
namespace {

std::string documentOf(const Analysis& analysis, const std::string& format) {
    if (format == "sarif") return report::sarif(analysis);
    if (format == "github") return report::githubAnnotations(analysis);
    if (format == "gitlab") return report::gitlabCodeQuality(analysis);
    if (format == "junit") return report::junit(analysis);
    return reportJson(analysis);
}

struct Arguments {
    bool listFiles = false;
    bool all = false, stats = false, watch = false;
    std::string phase;
    Options options;
    SelectionOptions selection;
    ExtractionOptions extraction;
};

Status show(Context& context, const Arguments& arguments) {
    Result<Extraction> extraction = extractionOf(arguments.extraction);
    if (!extraction) return extraction.error();
    Result<ProjectAnalysis> project =
        analyzeProject(context.common.projectPath, arguments.options, context.terminal, /*useBaseline=*/true, *extraction);
    if (!project) return project.error();
    if (context.format == "text")
        showAnalysis(context.terminal, *project, arguments.all);
    else
        context.terminal.data(documentOf(project->analysis, context.format));
    if (arguments.stats) context.terminal.note(statisticsText(*project));
    return Ok{};
}

} // namespace

Command analyzeCommand() {
    auto arguments = std::make_shared<Arguments>();
    Command command;
    command.name = "analyze";
    command.summary = "Say what the project is and what a migration would change";
    command.details = "Reads the project and writes nothing. Finds applications, routes, in-memory stores and their\n"
                      "rows, infers the tables, and lists every piece of code that would be rewritten or is left to\n"
                      "you, with the reason. The code is read, and never run unless --extract-with-python asks for it.";
    command.examples = "  covetpy-migrate analyze ./shop                       # a summary for people\n"
                       "  covetpy-migrate analyze ./shop --all                 # with every finding\n"
                       "  covetpy-migrate analyze ./shop --format sarif > covetpy-migrate.sarif\n"
                       "                                                       # for code scanning\n"
                       "  covetpy-migrate analyze ./shop --watch               # again whenever a file changes\n"
                       "  covetpy-migrate analyze ./shop --format json > report.json\n"
                       "                                                       # covetpy-migrate/report/1";
    command.formats = {"text", "json", "sarif", "github", "gitlab", "junit"};
    command.declare = [arguments](OptionSet& options) {
        options.flag("--all", arguments->all, "List all findings, also those that are fixed");
        options.flag("--stats", arguments->stats, "Also print what was found by rule and reason, and where the time went");
        declareWatchOption(options, arguments->watch);
        declareTargetOption(options, arguments->options.target);
        declarePhaseOption(options, arguments->phase);
        declareSelectionOptions(options, arguments->selection);
        declareExtractionOptions(options, arguments->extraction);
        options.flag("--list-files", arguments->listFiles,
                     "Print the paths of the files that are read, each ended by a NUL, and stop");
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        if (arguments->listFiles) {
            Result<ProjectFiles> files = readProject(context.common.projectPath);
            if (!files) return files.error();
            for (const InputFile& file : files->inputs) context.terminal.data(file.path + std::string(1, '\0'));
            return ExitCode::Ok;
        }
        addSelection(arguments->selection, arguments->options);
        arguments->options.phase = phaseOf(arguments->phase);
        auto once = [&] { return show(context, *arguments); };
        Status shown = arguments->watch ? repeatOnChange(context, arguments->selection, once) : once();
        if (!shown) return shown.error();
        return ExitCode::Ok;
    };
    return command;
}

} // namespace covet::cli
