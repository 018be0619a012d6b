#pragma once

#include <set>
#include <string>

#include "rules/migration_context.h"

namespace covet::rules {

/// Lets code that makes the one object of a class anew empty the object instead, before the migration reads the files:
///
///     def reset():                      def reset():
///         global repo            ->         repo.items = {}
///         repo = Repo()                     repo.seq = 0
///
/// The same for `repo.__init__()`. Safe: `__init__` sets the attributes of the object, all of them, to constants and new
/// containers and does nothing else, and no other code keeps the old object. Returns "module:Class" of such objects.
std::set<std::string> emptyObjectsMadeAgain(MigrationContext& context);

} // namespace covet::rules
