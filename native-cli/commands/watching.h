#pragma once

#include <functional>

#include "commands/command.h"
#include "commands/selection_options.h"

namespace covet::cli {

/// `--watch`.
void declareWatchOption(OptionSet& options, bool& watch);

/// Runs `once` now and whenever the project or the rules that the command line names change, until a signal
/// comes or nobody reads the output any more. Errors of `once` are printed and end nothing: the next change
/// may mend them. Documents in JSON are one line each. Error `usage` for formats that are one document.
Status repeatOnChange(Context& context, const SelectionOptions& selection, const std::function<Status()>& once);

} // namespace covet::cli
