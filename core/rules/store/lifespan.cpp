#include "rules/store/lifespan.h"

#include "facts/startup_functions.h"
#include "rules/store/seeding.h"
#include "rules/store/store_access.h"

namespace covet::rules {

using facts::FoundStore;

std::vector<LifespanPart> lifespanParts(MigrationContext& context, const std::vector<const FoundStore*>& stores) {
    std::vector<LifespanPart> parts;
    if (context.staysOnFramework) return parts;
    const std::vector<facts::LifespanStatement> statements = facts::lifespanStatements(context.project());
    if (statements.empty()) return parts;
    const CallGraph graph(context);
    const StoreAccess access(graph, stores);
    const SeedCheck seeds(context.project(), graph, stores);
    for (const facts::LifespanStatement& one : statements) {
        if (one.function && !graph.contains(*one.function)) continue;
        // Those of which nothing is left go as a whole.
        if (one.isOfEvent && !one.isAtEnd && seeds.functionOnlyFills(*one.function, true)) continue;
        std::set<const FoundStore*> touched;
        for (const FoundStore* store : stores)
            for (const facts::StoreReference& reference : store->references)
                if (reference.module == one.module && one.statement.contains(reference.node)) touched.insert(store);
        for (const semantic::Function* named : graph.namedIn(*one.module, one.statement))
            for (const FoundStore* store : access.storesOf(*named)) touched.insert(store);
        if (touched.empty()) continue;
        const bool onlyFills = one.function ? seeds.lifespanOnlyFills(*one.module, *one.function, one.statement)
                                            : seeds.statementOnlyFills(*one.module, one.statement);
        if (onlyFills) parts.push_back({one.module, one.statement, {touched.begin(), touched.end()}});
    }
    return parts;
}

std::vector<Node> statementsOf(const std::vector<LifespanPart>& parts) {
    std::vector<Node> statements;
    for (const LifespanPart& part : parts) statements.push_back(part.statement);
    return statements;
}

} // namespace covet::rules
