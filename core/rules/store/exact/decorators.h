#pragma once

#include "rules/migration_context.h"

namespace covet::rules::exact {

/// Whether a handler may get another parameter and become `async`: nothing of the project's own or of
/// an unknown library stands between it and its route. A wrapper that passes everything on and awaits
/// does not count.
bool decoratorsPassOn(MigrationContext& context, const semantic::Module& module, const semantic::Function& handler);

} // namespace covet::rules::exact
