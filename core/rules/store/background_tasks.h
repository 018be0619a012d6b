#pragma once

#include "rules/store/bridge_rewrite.h"

namespace covet::rules {

/// What `tasks.add_task(notify, ticket)` or `BackgroundTask(notify, ticket)` runs when the answer has been sent: a name
/// that can be given stores of its own. Null for other calls, and where the task changes what it is given: those
/// records belong to the request, whose changes are written by then.
Node backgroundTask(const CallGraph& graph, const semantic::Module& module, const Node& call);

/// The functions that such a name, or whatever else stands there, may denote; nested ones too.
std::set<const semantic::Function*> tasksNamedBy(const CallGraph& graph, const semantic::Module& module, const Node& named);

/// Gives each of them stores of its own.
///
///     tasks.add_task(notify, ticket)    ->    tasks.add_task(with_stores(outbox, in_thread=True)(notify), ticket)
///
/// Safe: the request's changes are written before its answer is sent, and the task runs after that.
void bridgeBackgroundTasks(MigrationContext& context, const CallGraph& graph, const StoreAccess& access, const Proxies& proxies);

} // namespace covet::rules
