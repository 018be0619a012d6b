#include "commands/command.h"

namespace covet::cli {

std::vector<Command> allCommands() {
    return {analyzeCommand(), runCommand(),      codeCommand(),   databaseCommand(), dependenciesCommand(),
            verifyCommand(),  testCommand(),     rollbackCommand(), backupCommand(), statusCommand(),
            baselineCommand(), rulesCommand(),  explainCommand(), schemaCommand()};
}

} // namespace covet::cli
