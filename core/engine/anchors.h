#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/project_loading.h"
#include "rules/migration_context.h"

namespace covet::engine {

using Modules = std::set<const semantic::Module*>;
/// A module for each folder beside which generated modules may lie.
using Anchors = std::map<std::string, const semantic::Module*>;

/// The modules of the project by the anchor whose folder is nearest.
std::map<const semantic::Module*, Modules> modulesAround(const Anchors& anchors, const semantic::Project& project);

/// The modules of the applications.
Anchors applicationAnchors(const Analysis& analysis, const semantic::Project& project);

/// The text of a generated module of an earlier run, which is used again; `name` becomes its name. `names` are those
/// that it may have, and `pattern` the resource that it starts like.
std::string earlierText(const LoadedProject& loaded, const rules::MigrationContext& context, const std::vector<std::string>& names,
                        const char* pattern, std::string& name);

} // namespace covet::engine
