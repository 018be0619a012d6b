#pragma once

#include <set>
#include <string>

#include "rules/migration_context.h"

namespace covet::rules {

/// Gives each file functions of its own where one function works on whichever file it is given:
///
///     def load_json(path):                        def load_json_users(path):
///         with open(path) as f:                       with open(path) as f:
///             return json.load(f)                         return json.load(f)
///                                           ->
///     users = load_json(USERS)                    def load_json_orders(path): ...
///     orders = load_json(ORDERS)
///                                                 users = load_json_users(USERS)
///                                                 orders = load_json_orders(ORDERS)
///
/// Only where all uses of the function are calls with constant paths; they do the same as before. Returns the files
/// that have got functions of their own.
std::set<std::string> divideFileFunctions(MigrationContext& context);

} // namespace covet::rules
