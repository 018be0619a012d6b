#include "commands/command.h"

namespace covet::cli {

std::vector<Command> allCommands() {
    return {analyzeCommand(),      runCommand(),    codeCommand(),     databaseCommand(),
            dependenciesCommand(), verifyCommand(), rollbackCommand(), backupCommand(),
            statusCommand(),       rulesCommand(),  explainCommand(), schemaCommand()};
}

} // namespace covet::cli
