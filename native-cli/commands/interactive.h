#pragma once

#include "commands/command.h"
#include "migration/run_migration.h"

namespace covet::cli {

/// Asks about each change of a project, as `git add -p` does, and puts the answers into the request's
/// selection. Changes that only work together are one question. Returns how many were accepted.
///
/// Answers come from standard input, a terminal or not. Error `declined` when it ends before the last
/// question is answered: then nothing is to be written.
Result<size_t> askForChanges(Context& context, RunRequest& request);

} // namespace covet::cli
