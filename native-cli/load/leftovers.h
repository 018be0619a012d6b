#pragma once

#include "database/connection.h"

namespace covet::load {

/// MySQL: names of tables that are being loaded start like this; nothing else should.
inline constexpr const char* kStagingPrefix = "covet_stage_";

/// Drops the staging tables of loads that were killed. The caller holds the lock of the database.
Status dropLeftovers(database::Connection& connection);

} // namespace covet::load
