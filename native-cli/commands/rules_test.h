#pragma once

#include "commands/command.h"

namespace covet::cli {

/// Runs the tests of all rule files in a folder: those inside the files, and `NAME/CASE/input.py` with
/// `expected.py` in a folder beside `NAME.toml`, for all rules of that file together. ExitCode::Findings when one fails.
Result<ExitCode> testRules(Context& context, const std::string& path);

} // namespace covet::cli
