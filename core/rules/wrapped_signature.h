#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Whether a decorator of the project stands between the caller and the function and does not hand on
/// keyword arguments: `async def wrapper(request): return await handler(request)`. Such a function is
/// called with what the wrapper passes and with nothing else.
bool hasFixedSignature(const semantic::Project& project, const semantic::Module& module,
                       const semantic::Function& function);

/// Functions defined directly inside of another one whose name it returns: what a decorator makes of
/// the function that it is given.
std::vector<const semantic::Function*> returnedFunctions(const semantic::Module& module, const semantic::Function& outer);

/// Sets `fixedSignature` of the handlers that the frontends found.
void markFixedSignatures(MigrationContext& context);

} // namespace covet::rules
