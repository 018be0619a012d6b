#pragma once

#include "emit/requirement.h"
#include "engine/migration_unit.h"

namespace covet::engine {

/// Appends what a migrated unit needs besides code: configuration, route manifest and, if asked for,
/// the reference runtime. Nothing when the unit is not rewritten.
void addProjectFiles(const UnitResult& unit, const LoadedProject& loaded, const Options& options, Analysis& analysis);

/// What the files of the project ask for of a package, by its normalised name: one for each place.
std::vector<emit::Requirement> declaredRequirements(const LoadedProject& loaded, std::string_view normalised);

/// Appends the edits of the requirement files for all migrated units, or a new requirements.txt.
void addRequirements(const std::vector<UnitResult>& units, const LoadedProject& loaded,
                     const Options& options, const catalog::TargetProfile& target, Analysis& analysis);

/// The same for what a later phase needs (TargetRequirement::when), in a folder or above it.
void addRequirements(const std::vector<std::string>& when, const std::string& folder, const LoadedProject& loaded,
                     const catalog::TargetProfile& target, Analysis& analysis);

} // namespace covet::engine
