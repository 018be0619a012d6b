#pragma once

#include <string>
#include <vector>

#include "database/connection.h"

namespace covet::load {

/// Runs statements that do not depend on each other, in any order, in `first` and some sessions more: servers that
/// wait for the disk at each of them wait for several at once. Sessions that the server refuses are done without.
/// The first error stops all. Each session runs `setting` first, where there is one.
Status runInParallel(database::Connection& first, const std::vector<std::string>& statements, const std::string& setting = "");

} // namespace covet::load
