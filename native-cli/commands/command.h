#pragma once

#include <functional>
#include <string>
#include <vector>

#include "covet/core.h"
#include "support/result.h"
#include "terminal/exit_code.h"
#include "terminal/terminal.h"

namespace covet::cli {

/// Where a command declares its options; the command line parser implements it.
class OptionSet {
public:
    virtual ~OptionSet() = default;
    virtual void flag(const std::string& name, bool& target, const std::string& help) = 0;
    /// `value` names the argument in the help: "URL".
    virtual void text(const std::string& name, std::string& target, const std::string& value,
                      const std::string& help) = 0;
    /// Values with commas between them; the option may be repeated.
    virtual void list(const std::string& name, std::vector<std::string>& target, const std::string& value,
                      const std::string& help) = 0;
    virtual void choice(const std::string& name, std::string& target, const std::vector<std::string>& values,
                        const std::string& help) = 0;
    virtual void positional(const std::string& name, std::string& target, const std::string& help,
                            bool required) = 0;
};

/// Options that every command has.
struct CommonOptions {
    std::string projectPath = ".";
    std::string target = "covetpy";
};

struct Context {
    CommonOptions common;
    Terminal& terminal;
    std::string format = "text"; // as given; one of Command::formats
};

/// A command: its words and what it does. One file each in commands/.
struct Command {
    std::string name;
    std::string summary;  // one line, for the list of commands
    std::string details;  // what it reads, what it writes
    std::string examples; // lines of "  command    # what it does"
    bool takesProject = true;
    std::vector<std::string> formats = {"text", "json"};
    std::function<void(OptionSet&)> declare;
    std::function<Result<ExitCode>(Context&)> run;
};

Command analyzeCommand();
Command runCommand();
Command codeCommand();
Command databaseCommand();
Command dependenciesCommand();
Command verifyCommand();
Command testCommand();
Command rollbackCommand();
Command backupCommand();
Command statusCommand();
Command rulesCommand();
Command schemaCommand();
Command baselineCommand();
Command explainCommand();

/// In the order of the help.
std::vector<Command> allCommands();

} // namespace covet::cli
