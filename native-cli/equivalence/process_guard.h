#pragma once

#include <sys/types.h>

namespace covet::cli {

/// The guard's work, in a process that was just forked: starts the child, waits until it ends or the
/// lifeline does, kills what is left and exits with the child's status. `lifeline`: a byte on it asks
/// the child to end (SIGTERM), its end kills. `failure` gets the errno of an exec that failed.
///
/// Only calls that are safe after a fork of a process with threads.
[[noreturn]] void guardChild(char* const* command, char* const* environment, const char* folder, int lifeline,
                             int output, int failure);

} // namespace covet::cli
