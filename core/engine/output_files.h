#pragma once

#include "engine/migration_unit.h"

namespace covet::engine {

/// Appends the code changes of a unit: rewritten modules, models, and what the rules generated.
/// Error `generated-file-invalid` when a generated Python file would not parse.
Status addCodeChanges(const UnitResult& unit, const LoadedProject& loaded, Analysis& analysis);

/// Appends a file unless it is there already with the same bytes.
void addFile(const LoadedProject& loaded, const std::string& path, SharedText bytes, Analysis& analysis);

/// By path.
void sortChanges(Analysis& analysis);

/// Appends the reference runtime as a package in `folder`, where files of it are missing.
void addRuntime(const LoadedProject& loaded, const catalog::TargetProfile& target,
                const std::string& folder, Analysis& analysis);

} // namespace covet::engine
