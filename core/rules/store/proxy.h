#pragma once

#include <string>

#include "facts/store_finder.h"
#include "rules/migration_context.h"
#include "schema/model.h"

namespace covet::rules {

/// The object of the bridge module that stands for a store in the code.
struct Proxy {
    std::string name;       // expression in the store's module: "users_db", "db["users"]", "repository_items"
    std::string maker;      // name in the bridge module: "bridged_list"
    std::string definition; // "bridged_list(Product, position="position")"
    std::string model;      // class in the models module
    std::vector<std::string> furtherMakers, furtherModels; // that the definition names too
    std::string content;    // attribute that is the content itself: ".current", ".value", "" for counters
};

/// Container classes whose empty calls the bridge can make itself: `deque(maxlen=5)`,
/// `defaultdict(list)`.
bool isPlainContainer(const facts::FoundStore& store);
/// Whether an initial value is such a call that no row can replace: `deque([...])`, a factory of
/// containers that are not kept as such.
bool isUnsupportedContainer(const facts::FoundStore& store);

/// The same for a store that its own code fills when the application first runs; `state` is the table of
/// single values.
Proxy filledProxyOf(const facts::FoundStore& store, const schema::Table& table, const schema::Table& state);

Proxy proxyOf(const facts::FoundStore& store, const schema::Table& table);

/// The same for a store whose first content code goes on filling when the program starts.
/// `state`: the table of single values where that code makes the first rows, too; else null.
Proxy startedProxyOf(const facts::FoundStore& store, const schema::Table& table, const schema::Table* state);

/// How a module refers to a proxy. Adds the import that it needs.
std::string reachProxy(MigrationContext& context, const semantic::Module& from,
                       const facts::FoundStore& store, const Proxy& proxy);

/// How a decorator or a call in `from` names a store that it opens: like reachProxy(), or as the text "module:name" that the
/// bridge looks up when a request comes, where an import would have the two modules wait for each other.
std::string openedStore(MigrationContext& context, const semantic::Module& from, const facts::FoundStore& store, const Proxy& proxy,
                        bool isLater = false);

/// Whether `from` would have to import the module of `store` anew and that module imports `from`.
bool importWouldCycle(const semantic::Project& project, const semantic::Module& from,
                      const facts::FoundStore& store);

} // namespace covet::rules
