#pragma once

namespace covet::cli {

/// Parses the command line, runs the command and returns the exit code of the process.
int runCommandLine(int argc, char** argv);

} // namespace covet::cli
