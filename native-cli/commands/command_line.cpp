#include "commands/command_line.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands/command.h"
#include "covet/core.h"
#include "support/strings.h"
#include "support/suggest.h"
#include "terminal/signals.h"

namespace covet::cli {
namespace {

constexpr const char* kProgram = "covetpy-migrate";

/// What the options shared by all commands say, whichever command they were given to.
struct Shared {
    std::string projectPath, positionalPath;
    std::string format = "text";
    std::string progress = "auto";
    bool quiet = false;
    bool noColor = false;
};

class CliOptions : public OptionSet {
public:
    explicit CliOptions(CLI::App& app) : app_(app) {}
    void flag(const std::string& name, bool& target, const std::string& help) override {
        app_.add_flag(name, target, help);
    }
    void text(const std::string& name, std::string& target, const std::string& value,
              const std::string& help) override {
        app_.add_option(name, target, help)->type_name(value);
    }
    void list(const std::string& name, std::vector<std::string>& target, const std::string& value,
              const std::string& help) override {
        app_.add_option(name, target, help)->type_name(value)->delimiter(',')->expected(1)->multi_option_policy(
            CLI::MultiOptionPolicy::TakeAll);
    }
    void choice(const std::string& name, std::string& target, const std::vector<std::string>& values,
                const std::string& help) override {
        app_.add_option(name, target, help)->check(CLI::IsMember(values).description(""))->type_name(join(values, "|"));
    }
    void positional(const std::string& name, std::string& target, const std::string& help,
                    bool required) override {
        app_.add_option(name, target, help)->type_name("")->required(required);
    }

private:
    CLI::App& app_;
};

/// Help in one shape for all commands: usage, what it does, options, examples.
class HelpFormatter : public CLI::Formatter {
public:
    std::string make_usage(const CLI::App* app, std::string name) const override {
        std::string positionals;
        for (const CLI::Option* option : app->get_options())
            if (option->nonpositional() == false && option->get_positional())
                positionals += option->get_required() ? " " + option->get_name(true) : " [" + option->get_name(true) + "]";
        bool isRoot = app->get_parent() == nullptr;
        return isRoot ? fmt::format("Usage: {} COMMAND [PROJECT] [OPTIONS]\n", kProgram)
                      : fmt::format("Usage: {} {}{} [OPTIONS]\n", kProgram, app->get_name(), positionals);
        (void)name;
    }
};

void addShared(CLI::App& app, Shared& shared, const Command& command) {
    if (command.takesProject) {
        app.add_option("PROJECT", shared.positionalPath, "Folder of the application (default: .)")->type_name("");
        app.add_option("--project-path", shared.projectPath, "The same, as an option")->type_name("PROJECT");
    }
    const bool isPlain = command.formats.size() == 2;
    app.add_option("--format", shared.format,
                   isPlain ? "text for people, json for programs" : "text for people, the others for programs")
        ->check(CLI::IsMember(command.formats).description(""))
        ->type_name(join(command.formats, "|"));
    app.add_option("--progress", shared.progress, "json: progress as JSON lines on standard error")
        ->check(CLI::IsMember({"auto", "json"}).description(""))
        ->type_name("auto|json");
    app.add_flag("--quiet,-q", shared.quiet, "Only what was asked for, and errors");
    app.add_flag("--no-color", shared.noColor, "No colours (as with the NO_COLOR variable)");
}

std::vector<std::string> optionNames(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    return names;
}

Error unknownOption(const CLI::App& app, const std::string& typed) {
    std::string near = closest(typed.substr(0, typed.find('=')), optionNames(app));
    std::string command = app.get_parent() ? " " + app.get_name() : "";
    Error error{"unknown-option", fmt::format("{}{} has no option {}", kProgram, command, typed), "", 0, ""};
    if (!startsWith(typed, "-")) error.message = fmt::format("{}{} takes no further argument {}", kProgram, command, typed);
    error.hint = near.empty() ? fmt::format("{}{} --help lists what it takes", kProgram, command)
                              : fmt::format("did you mean {}?", near);
    return error;
}

Error unknownCommand(const std::string& typed, const std::vector<Command>& commands) {
    std::vector<std::string> names;
    for (const Command& command : commands) names.push_back(command.name);
    std::string near = closest(typed, names);
    return {"unknown-command", fmt::format("there is no command {}", typed), "", 0,
            near.empty() ? fmt::format("{} --help lists the commands", kProgram)
                         : fmt::format("did you mean {}?", near)};
}

/// For errors that come up before the options are known.
bool asksForJson(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        std::string_view argument = argv[i];
        if (argument == "--format=json") return true;
        if (argument == "--format" && i + 1 < argc && std::string_view(argv[i + 1]) == "json") return true;
    }
    return false;
}

std::string rootFooter() {
    return "Start here:\n"
           "  covetpy-migrate analyze ./shop             # what is in it, and what would change\n"
           "  covetpy-migrate code ./shop --diff         # the new code, as a patch; writes nothing\n"
           "  covetpy-migrate run ./shop --url sqlite:///shop.db\n"
           "                                             # back up, load the database, rewrite the code\n"
           "  covetpy-migrate rollback ./shop            # put everything back\n\n"
           "Exit codes: 0 done, 1 wrong command line, 2 refused (nothing changed), 3 verification failed,\n"
           "4 data rejected, 5 database, 6 files or disk, 7 locked by another run, 8 interrupted (can be\n"
           "resumed or rolled back), 9 internal error, 10 a check found something, 128+n stopped by signal n.";
}

int fail(Terminal& terminal, const Error& error) {
    terminal.error(error);
    terminal.flush();
    if (signals::interrupted()) return 128 + signals::pending();
    return static_cast<int>(exitCodeOf(error));
}

int finish(Terminal& terminal, ExitCode code) {
    if (!terminal.flush()) {
        terminal.error({"io-error", "standard output could not be written", "", 0, "check the disk it goes to"});
        return static_cast<int>(ExitCode::InputOutput);
    }
    if (signals::interrupted() && code != ExitCode::Ok) return 128 + signals::pending();
    return static_cast<int>(code);
}

/// The parser for all commands; `chosen` is set by the callback of the command on the line.
struct Parser {
    CLI::App app{"Moves in-memory Python web applications to CovetPy 1.0 and a real database.", kProgram};
    Shared shared;
    std::vector<Command> commands = allCommands();
    std::vector<CLI::App*> parsers;

    Parser() {
        app.formatter(std::make_shared<HelpFormatter>());
        app.get_formatter()->column_width(34);
        app.set_help_flag("--help,-h", "Show this help");
        app.set_version_flag("--version,-V", fmt::format("{} {}", kProgram, version()));
        app.require_subcommand(0, 1);
        app.footer(rootFooter());
        for (const Command& command : commands) {
            CLI::App* parser = app.add_subcommand(command.name, command.summary);
            parser->formatter(app.get_formatter());
            parser->set_help_flag("--help,-h", "Show this help");
            parser->allow_extras();
            parser->footer(fmt::format("{}\n\nExamples:\n{}", command.details, command.examples));
            CliOptions options(*parser);
            if (command.declare) command.declare(options);
            addShared(*parser, shared, command);
            parsers.push_back(parser);
        }
    }
};

int runParsed(Parser& parser, Terminal& terminal) {
    for (size_t i = 0; i < parser.commands.size(); ++i) {
        CLI::App& own = *parser.parsers[i];
        if (!own.parsed()) continue;
        std::vector<std::string> extras = own.remaining();
        if (!extras.empty()) return fail(terminal, unknownOption(own, extras.front()));
        Shared& shared = parser.shared;
        if (!shared.projectPath.empty() && !shared.positionalPath.empty() && shared.projectPath != shared.positionalPath)
            return fail(terminal, {"usage", "the project is given twice, with different folders", "", 0,
                                   "use either PROJECT or --project-path"});
        const Format format = shared.format == "text"   ? Format::Text
                              : shared.format == "json" ? Format::Json
                                                        : Format::Other;
        terminal.configure(format, shared.quiet, shared.noColor);
        if (shared.progress == "json") terminal.showProgressAsJson();
        Context context{{}, terminal, shared.format};
        if (!shared.projectPath.empty()) context.common.projectPath = shared.projectPath;
        if (!shared.positionalPath.empty()) context.common.projectPath = shared.positionalPath;
        Result<ExitCode> result = parser.commands[i].run(context);
        return result ? finish(terminal, *result) : fail(terminal, result.error());
    }
    terminal.data(parser.app.help());
    return finish(terminal, ExitCode::Ok);
}

} // namespace

int runCommandLine(int argc, char** argv) {
    signals::install();
    Terminal terminal;
    terminal.configure(asksForJson(argc, argv) ? Format::Json : Format::Text, false, false);
    Parser parser;
    if (argc > 1 && argv[1][0] != '-') {
        std::string typed = argv[1];
        if (std::none_of(parser.commands.begin(), parser.commands.end(),
                         [&](const Command& command) { return command.name == typed; }))
            return fail(terminal, unknownCommand(typed, parser.commands));
    } else if (argc > 1) {
        std::vector<std::string> known = optionNames(parser.app);
        std::string_view typed = argv[1];
        if (typed != "-h" && typed != "-V" && std::find(known.begin(), known.end(), typed) == known.end())
            return fail(terminal, unknownOption(parser.app, argv[1]));
    }
    try {
        parser.app.parse(argc, argv);
        return runParsed(parser, terminal);
    } catch (const CLI::CallForVersion&) {
        terminal.data(fmt::format("{} {}\n", kProgram, version()));
        return finish(terminal, ExitCode::Ok);
    } catch (const CLI::CallForHelp&) {
        terminal.data(parser.app.help());
        return finish(terminal, ExitCode::Ok);
    } catch (const CLI::ParseError& problem) {
        std::string command = argc > 1 ? fmt::format(" {}", argv[1]) : "";
        return fail(terminal, {"usage", problem.what(), "", 0,
                               fmt::format("{}{} --help shows how to use it", kProgram, command)});
    } catch (const std::bad_alloc&) {
        return fail(terminal, {"internal", "out of memory", "", 0, "free memory or raise the limit (ulimit -v)"});
    } catch (const std::exception& problem) {
        return fail(terminal, {"internal", problem.what(), "", 0, "please report this with the command line used"});
    }
}

} // namespace covet::cli
