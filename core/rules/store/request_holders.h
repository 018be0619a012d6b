#pragma once

#include "rules/store/obstacles.h"

namespace covet::rules {

/// Stores whose records a function that runs before a handler keeps under an attribute of Flask's `g`, where other code
/// changes them:
///
///     @app.before_request
///     def load_user():
///         g.user = users.get(session.get("user"))
///
///     def me():
///         g.user["visits"] += 1
///
/// The same is true of users that Flask-Login's `current_user` and Flask-HTTPAuth's `auth.current_user()` stand for.
/// The stores of the hook are written back when it ends, so the change would be lost. Records that are only read are
/// no obstacle.
void requestHolderObstacles(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                            const std::vector<const facts::FoundStore*>& stores, Obstacles& found);

} // namespace covet::rules
