#include "commands/command.h"

namespace covet::cli {

std::vector<Command> allCommands() {
    return {analyzeCommand(), runCommand(),      codeCommand(),   databaseCommand(), dependenciesCommand(),
            verifyCommand(),  testCommand(),     rollbackCommand(), backupCommand(), statusCommand(),
            rulesCommand(),   explainCommand(), schemaCommand()};
}

} // namespace covet::cli
