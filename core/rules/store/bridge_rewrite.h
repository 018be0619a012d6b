#pragma once

#include <map>

#include "rules/store/function_group.h"
#include "rules/store/made_handlers.h"
#include "rules/store/proxy.h"
#include "rules/store/store_access.h"

namespace covet::rules {

using Proxies = std::map<const facts::FoundStore*, Proxy>;

/// Makes a group run on bridged containers.
///
///     @app.get("/products")                      @app.get("/products")
///     async def list_products(request):    ->    @with_stores(products_db, read_only=True)
///         return {"products": products_db}       async def list_products(request):
///                                                    return {"products": products_db.current}
///
/// Safe: the bodies keep working on the same kind of container. The name stays where an operation of
/// the container follows it (`products_db.append(x)`, `for p in products_db`, `len(products_db)`);
/// where the container itself is handed on, assigned or compared, it is `products_db.current`.
void bridgeGroup(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                 const FunctionGroup& group, const Proxies& proxies);

/// The same for a handler that a frontend makes out of a lambda.
void bridgeMadeHandler(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                       const MadeHandlerUse& use, const Proxies& proxies);

/// Takes the names of migrated stores out of `global` statements.
void cleanGlobals(MigrationContext& context, const std::vector<const facts::FoundStore*>& stores);

} // namespace covet::rules
