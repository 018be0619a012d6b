#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Functions defined directly inside of another one whose name it returns: what a decorator makes of
/// the function that it is given.
std::vector<const semantic::Function*> returnedFunctions(const semantic::Module& module, const semantic::Function& outer);

/// Sets `fixedSignature` of the handlers that the frontends found: where a wrapper of the project or of
/// an unknown library stands between handler and route, the handler is called with what the wrapper
/// passes and with nothing else. One that takes the handler's place by `wraps`, awaits it and hands
/// everything on does not count.
void markFixedSignatures(MigrationContext& context);

} // namespace covet::rules
