#include <set>
#include <algorithm>

#include "facts/reference_context.h"
#include "rules/store/obstacles.h"
#include "rules/store/proxy.h"
#include "rules/store/seeding.h"

namespace covet::rules {
namespace {

using facts::Container;
using facts::FoundStore;
using semantic::Module;
using semantic::Symbol;

/// Where a definition stands so that replacing it changes nothing else.
bool isPlainDefinition(const FoundStore& store) {
    Node parent = store.definition.parent();
    if (!store.className.empty()) return parent.is("block");
    if (parent.is("module")) return true;
    // `with open(...) as f: data = json.load(f)`
    Node with = parent.parent();
    return parent.is("block") && parent.namedChildren().size() == 1 && with.is("with_statement") &&
           with.parent().is("module");
}

/// `deque(maxlen=5)`: nothing in it and nothing that fills it.
bool startsEmpty(const FoundStore& store) {
    return !isPlainContainer(store) && !isUnsupportedContainer(store) && store.buildStatements.empty();
}

bool sharesItsValue(const FoundStore& store) {
    Node assignment = store.definition.namedChild(0);
    return store.namespaceVariable.empty() && assignment.field("right").is("assignment");
}

/// The names under which modules of the project know something called `name`.
std::set<std::string, std::less<>> aliasesOf(const semantic::Project& project, const std::string& name) {
    std::set<std::string, std::less<>> names = {name};
    for (bool grown = true; grown;) {
        grown = false;
        for (const auto& module : project.modules())
            for (const auto& [local, binding] : module->imports)
                if (names.count(binding.name) && names.insert(local).second) grown = true;
    }
    return names;
}

/// Names the way in which the owner of an attribute store is no single object; "" if it is one.
std::string instanceReason(const semantic::Project& project, const FoundStore& store) {
    const bool onInstance = store.definition.ancestor({"function_definition", "class_definition"})
                                .is("function_definition");
    const std::string id = store.module->name + ":" + store.className;
    const std::set<std::string, std::less<>> names = aliasesOf(project, store.className);
    size_t made = 0;
    std::string reason;
    for (const auto& module : project.modules()) {
        if (isTestModule(*module)) continue;
        for (const semantic::Class& other : module->classes)
            for (const std::string& base : other.bases) {
                Symbol symbol = project.resolveGlobal(*module, base);
                if (symbol.module == store.module && symbol.name == store.className) return "subclassed";
            }
        if (!onInstance) continue;
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (!node.is("identifier") && !node.is("attribute")) return reason.empty();
            const Node last = node.is("attribute") ? node.field("attribute") : node;
            if (!names.count(last.text())) return node.is("attribute");
            Symbol symbol = project.resolve(*module, node);
            if (symbol.kind != Symbol::Kind::Class || symbol.module->name + ":" + symbol.name != id)
                return node.is("attribute");
            Node parent = node.parent();
            if (parent.is("call") && parent.field("function") == node) {
                ++made;
                if (module->enclosingFunction(node) ||
                    node.ancestor({"for_statement", "while_statement", "list_comprehension", "lambda",
                                   "dictionary_comprehension", "generator_expression"}))
                    reason = "instance-per-call";
            } else if (parent.is("argument_list") || parent.is("keyword_argument") || parent.is("assignment") ||
                       parent.is("list") || parent.is("pair")) {
                reason = "class-as-value";
            }
            return false;
        });
    }
    if (!reason.empty() || !onInstance) return reason;
    return made == 1 ? "" : made == 0 ? "never-instantiated" : "several-instances";
}

bool stop(Obstacle& out, const FoundStore& store, const std::string& reason, const std::string& hint) {
    out = {reason, hint, store.module, store.definition};
    return true;
}

} // namespace

bool definitionObstacle(MigrationContext& context, const CallGraph& graph, const StorePlan& plan,
                        const FoundStore& store, const std::vector<const FoundStore*>& stores, Obstacle& out) {
    const schema::Table* table = plan.schema.tableOfStore(store.fact.id);
    if (!table) return stop(out, store, "no-table", "");
    if (!isPlainDefinition(store)) return stop(out, store, "conditional-definition", "define it once, at top level");
    if (sharesItsValue(store)) return stop(out, store, "shared-definition", "give each name its own container");
    if (isUnsupportedContainer(store)) return stop(out, store, "unsupported-container", "");
    for (const schema::Column& column : table->columns)
        if (column.field == "__dict__")
            return stop(out, store, "computed-attributes",
                        "its class sets all attributes at once through __dict__: assign them one by one");
    if (!store.className.empty()) {
        std::string reason = instanceReason(context.project(), store);
        if (!reason.empty())
            return stop(out, store, reason, "keep the data in one object that is made once, at module level");
    }
    if (!store.fact.data && !store.isCounterObject && !startsEmpty(store))
        return stop(out, store, "opaque-data",
                    "its first content cannot be known without running code: make it a literal, or load the rows "
                    "by hand and empty it");
    if (store.fact.data && store.fact.data->hasOpaque())
        return stop(out, store, "opaque-values",
                    "some values are made when the program starts: write them as constants, so that the rows "
                    "can be loaded");
    const SeedCheck seeds(context.project(), graph, stores);
    for (const Node& statement : store.buildStatements)
        if (!context.rewrite(*store.module).isRemoved(statement) &&
            !seeds.statementOnlyFills(*store.module, statement)) {
            stop(out, store, "mixed-building", "this statement fills the store and does other things too");
            out.where = statement;
            return true;
        }
    return false;
}

} // namespace covet::rules
