#include "commands/command.h"

namespace covet::cli {

std::vector<Command> allCommands() {
    return {analyzeCommand(), codeCommand(), rulesCommand(), explainCommand()};
}

} // namespace covet::cli
