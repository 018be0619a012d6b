#pragma once

#include <set>
#include <string>

#include "engine/project_loading.h"
#include "rules/migration_context.h"

namespace covet::engine {

/// Writes down what default arguments take from stores when their module is imported, before the migration reads the files:
///
///     def one(id: int = Path(gt=0, lt=len(students)))  ->  def one(id: int = Path(gt=0, lt=5))
///
/// and what names get when the program starts, `NEXT_ID = max(issues) + 1`, `STARTED = service.count()`.
///
/// Safe: the value is made once, from what the code has the store start with, so that it has that value in every run.
/// Returns the ids of those stores.
std::set<std::string> fixImportTimeValues(rules::MigrationContext& context, const LoadedProject& loaded);

} // namespace covet::engine
