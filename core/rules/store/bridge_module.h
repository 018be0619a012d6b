#pragma once

#include <string>

#include "rules/migration_context.h"

namespace covet::rules {

/// Text of the generated bridge module, with the target's own names; `forDependencies`: with what
/// injected functions need.
std::string bridgeModuleText(MigrationContext& context, bool forDependencies);

} // namespace covet::rules
