#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Whether importing a module of the project does more than define names: it registers routes, fills
/// containers of other modules or calls something, itself or through what it imports.
bool hasImportEffects(const semantic::Project& project, const semantic::Module& module);

/// Asks for `import service` where `text`, what a module is going to be, has lost the last import of a
/// module whose import has effects. True when something was asked for: the module is to be rendered anew.
bool keepEffectfulImports(MigrationContext& context, const semantic::Module& module, const SharedText& text);

} // namespace covet::rules
