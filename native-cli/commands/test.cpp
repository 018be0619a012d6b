#include <cstdlib>
#include <memory>

#include <fmt/format.h>

#include "commands/run_options.h"
#include "equivalence/plan.h"
#include "equivalence/session.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

struct Arguments {
    bool equivalence = false, list = false;
    std::string phase, maxRequests, timeout, answerTimeout, startTimeout, seed, shown;
    EquivalenceRequest request;
};

Status readNumber(const std::string& option, const std::string& text, double least, double most, double& out) {
    if (text.empty()) return Ok{};
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (*end || !(value >= least && value <= most))
        return Error{"usage", fmt::format("{} takes a number from {} to {}, not {}", option, least, most, text), "", 0,
                     "covetpy-migrate test --help shows how to use it"};
    out = value;
    return Ok{};
}

Status readNumbers(Arguments& arguments, double& shown) {
    EquivalenceRequest& request = arguments.request;
    double requests = static_cast<double>(request.maxRequests), seed = static_cast<double>(request.seed);
    for (const Status& read : {readNumber("--max-requests", arguments.maxRequests, 1, 1e6, requests),
                               readNumber("--timeout", arguments.timeout, 1, 86400, request.seconds),
                               readNumber("--answer-timeout", arguments.answerTimeout, 0.1, 3600, request.answerSeconds),
                               readNumber("--start-timeout", arguments.startTimeout, 1, 3600, request.startSeconds),
                               readNumber("--seed", arguments.seed, 0, 1e15, seed),
                               readNumber("--show", arguments.shown, 0, 1e6, shown)})
        if (!read) return read;
    request.maxRequests = static_cast<size_t>(requests);
    request.seed = static_cast<uint64_t>(seed);
    return Ok{};
}

void list(Terminal& terminal, const Sides& sides, const EquivalenceRequest& request) {
    equivalence::RequestPlan plan(sides.inspection, request.seed, request.maxRequests);
    std::vector<std::pair<std::string, std::vector<equivalence::Request>>> script;
    for (const equivalence::Phase& phase : equivalence::phases())
        if (auto requests = plan.requests(phase); !requests.empty()) script.emplace_back(phase.name, std::move(requests));
    terminal.data(terminal.isJson() ? equivalence::scriptJson(script) : equivalence::scriptText(script));
}

std::string verdict(const equivalence::Report& report) {
    if (report.differenceCount > 0) return fmt::format("{} requests were answered differently\n", report.differenceCount);
    if (report.requests == 0) return "nothing was compared: no request was answered before the end\n";
    return report.stopped.empty() ? "equal: no request was answered differently\n"
                                  : "equal up to there: no request was answered differently before the end\n";
}

Result<ExitCode> compare(Context& context, Arguments& arguments) {
    Terminal& terminal = context.terminal;
    double shown = 10;
    Status read = readNumbers(arguments, shown);
    if (!read) return read.error();
    // From here on there are processes and temporary files to be cleared away after a signal.
    EffectScope effects;
    Result<Sides> sides = prepareSides(context, arguments.request);
    if (!sides) return sides.error();
    if (sides->inspection.routes.empty())
        return Error{"nothing-to-compare", "no route was found, so there is nothing to ask", context.common.projectPath, 0,
                     "covetpy-migrate analyze shows what was found in the project"};
    if (arguments.list) {
        list(terminal, *sides, arguments.request);
        return ExitCode::Ok;
    }
    Result<StartingData> data = StartingData::prepare(*sides, arguments.request.url);
    if (!data) return data.error();
    Result<equivalence::Report> report = Session(*sides, *data, arguments.request, terminal).run();
    Status cleaned = data->cleanUp();
    if (!report) return report.error();
    if (!cleaned) terminal.warning("the scratch database could not be cleared: " + cleaned.error().message);
    terminal.data(terminal.isJson() ? equivalence::equivalenceJson(*report)
                                    : equivalence::equivalenceText(*report, static_cast<size_t>(shown)));
    if (!terminal.isJson()) terminal.data(terminal.paint(verdict(*report), report->isEqual() ? Style::Green : Style::Red));
    return report->isEqual() ? ExitCode::Ok : ExitCode::Unverified;
}

} // namespace

Command testCommand() {
    auto arguments = std::make_shared<Arguments>();
    Command command;
    command.name = "test";
    command.summary = "Run the legacy and the migrated application and compare their answers";
    command.details =
        "Starts both on free loopback ports, from copies and with the same starting data, sends both the same\n"
        "requests, and reports each answer that differs. The requests come from the routes, the data and the code:\n"
        "known, missing and malformed ids; valid, partial, empty and wrong bodies; queries; reads after writes;\n"
        "deletes; many writes at once, unless the legacy application saves its data in files and loses some then;\n"
        "a restart. What differs between two runs of the legacy application itself (times, random ids) is masked.\n"
        "The project and its database stay as they are: the migrated application gets a temporary SQLite database\n"
        "in DATABASE_URL.\n\n"
        "The legacy form is --legacy DIR, else the project as it was before the last run. In a project that was\n"
        "not migrated yet, the migration that `run` would make is tested. The interpreter is that of the project's\n"
        "virtual environment, else python3; it needs uvicorn or hypercorn, and SQLAlchemy with aiosqlite.\n"
        "Exit code 3 when an answer differs.";
    command.examples = "  covetpy-migrate test ./shop --equivalence\n"
                       "  covetpy-migrate test ./shop --equivalence --legacy ./shop-before --python ./venv/bin/python\n"
                       "  covetpy-migrate test ./shop --equivalence --list           # the requests, without running\n"
                       "  covetpy-migrate test ./shop --equivalence --format json > equivalence.json\n"
                       "  covetpy-migrate test ./shop --equivalence --legacy-command 'uvicorn app:app --port {port}'";
    command.declare = [arguments](OptionSet& options) {
        EquivalenceRequest& request = arguments->request;
        options.flag("--equivalence", arguments->equivalence, "Compare the two applications");
        options.text("--legacy", request.legacyFolder, "DIR", "Folder of the application as it was");
        options.text("--python", request.python, "CMD", "Interpreter that has what the applications need");
        options.text("--app", request.app, "MODULE:NAME", "Which application, when there are several");
        options.text("--legacy-command", request.legacyCommand, "CMD", "How the legacy application is started on {port}");
        options.text("--migrated-command", request.migratedCommand, "CMD", "How the migrated one is");
        options.text("--url", request.url, "URL", "Empty PostgreSQL or MySQL database to test with; it is cleared");
        options.flag("--list", arguments->list, "Print the requests and stop");
        options.text("--max-requests", arguments->maxRequests, "N", "At most about so many (default: 2000)");
        options.text("--timeout", arguments->timeout, "SECONDS", "Stop asking after this time (default: 300)");
        options.text("--answer-timeout", arguments->answerTimeout, "SECONDS", "For one answer (default: 10)");
        options.text("--start-timeout", arguments->startTimeout, "SECONDS", "For an application to start (default: 60)");
        options.text("--seed", arguments->seed, "N", "Which requests are left out when there are too many (default: 1)");
        options.text("--show", arguments->shown, "N", "Differences shown in full (default: 10)");
        options.text("--target", request.target, "NAME", "Framework moved to (default: covetpy)");
        declarePhaseOption(options, arguments->phase);
    };
    command.run = [arguments](Context& context) -> Result<ExitCode> {
        if (!arguments->equivalence)
            return Error{"usage", "which test?", "", 0, "covetpy-migrate test --equivalence compares the applications"};
        if (!arguments->phase.empty()) arguments->request.phase = phaseOf(arguments->phase);
        return compare(context, *arguments);
    };
    return command;
}

} // namespace covet::cli
