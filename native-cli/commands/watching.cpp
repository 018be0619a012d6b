#include "commands/watching.h"

#include <ctime>

#include <fmt/chrono.h>

#include "project/watch.h"

namespace covet::cli {
namespace {

std::string headline(const std::vector<std::string>& changed) {
    const std::string time = fmt::format("{:%H:%M:%S}", fmt::localtime(std::time(nullptr)));
    const std::string more = changed.size() > 1 ? fmt::format(" and {} more", changed.size() - 1) : "";
    return fmt::format("\n{} {}{} changed", time, changed.front(), more);
}

} // namespace

void declareWatchOption(OptionSet& options, bool& watch) {
    options.flag("--watch", watch, "Go on, and show it again whenever a file changes; Ctrl-C ends it");
}

Status repeatOnChange(Context& context, const SelectionOptions& selection, const std::function<Status()>& once) {
    Terminal& terminal = context.terminal;
    if (terminal.format() == Format::Other)
        return Error{"usage", "--watch goes with --format text and json; " + context.format + " is one document", "", 0,
                     "leave --watch or --format out"};
    terminal.writeJsonLines();
    return watchProject(context.common.projectPath, selection.rules, [&](const std::vector<std::string>& changed) {
        if (!changed.empty()) terminal.note(headline(changed));
        Status shown = once();
        if (!shown) terminal.error(shown.error());
        if (changed.empty()) terminal.note("\nWatching for changes; Ctrl-C ends it.");
        return terminal.flush() && terminal.hasReader();
    });
}

} // namespace covet::cli
