#pragma once

#include "rules/migration_context.h"

namespace covet::rules {

/// Names what the code takes from an imported framework, before the migration reads the files:
///
///     import fastapi                              from fastapi import FastAPI, status
///     app = fastapi.FastAPI()                 ->  app = FastAPI()
///     code = fastapi.status.HTTP_200_OK           code = status.HTTP_200_OK
///
/// Safe: nothing else of the module has one of the names, or it gets another one. True if any module changes.
bool nameModuleImports(MigrationContext& context);

} // namespace covet::rules
