#include "rules/store/background_tasks.h"

#include <algorithm>
#include <functional>

#include "facts/reference_context.h"
#include "rules/store/entry_points.h"
#include "rules/store/mutation.h"
#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;

Node rootOf(Node node) {
    while (node.is("subscript") || node.is("attribute")) node = node.is("subscript") ? node.field("value") : node.field("object");
    return node;
}

/// Whether a function may change an object that it was given.
bool changesParameters(const Function& function) {
    std::set<std::string> parameters;
    for (const Node& parameter : function.node.field("parameters").namedChildren())
        parameters.insert(std::string(semantic::parameterName(parameter)));
    if (!function.className.empty()) parameters.erase("self");
    bool changes = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        Node changed;
        if (node.is("assignment") || node.is("augmented_assignment")) changed = node.field("left");
        else if (node.is("delete_statement")) changed = node.namedChild(0);
        const Node callee = node.is("call") ? node.field("function") : Node();
        if (callee.is("attribute") && facts::isMutatingMethod(callee.field("attribute").text())) changed = callee;
        if (node.is("call") && callee.text() == "setattr") return changes = true, false;
        if (changed.is("attribute") || changed.is("subscript")) changes = changes || parameters.count(std::string(rootOf(changed).text())) > 0;
        return !changes;
    });
    return changes;
}

/// Whether the object of `tasks.add_task` is one of the framework: by the annotation of the parameter, or as it was made.
bool isTaskList(const Module& module, const Node& object) {
    if (object.is("call")) return endsWith(object.field("function").text(), "BackgroundTasks");
    const Function* function = module.enclosingFunction(object);
    if (!function || !object.is("identifier")) return false;
    bool isList = false;
    syntax::walk(function->node, [&](const Node& node) {
        const bool isParameter = node.is("typed_parameter") || node.is("typed_default_parameter");
        if (isParameter && semantic::parameterName(node) == object.text())
            isList = isList || node.field("type").text().find("BackgroundTasks") != std::string_view::npos;
        if (node.is("assignment") && node.field("left").text() == object.text())
            isList = isList || endsWith(node.field("right").field("function").text(), "BackgroundTasks");
        return !isList;
    });
    return isList;
}

/// The same for what the functions of a module do; nested functions are walked as part of the outer ones.
void forEachCall(const CallGraph& graph, const std::function<void(const Module&, const Node&)>& visit) {
    for (const auto& [function, module] : graph.functions()) {
        if (function->isNested) continue;
        const Module& home = *module;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("call")) visit(home, node);
            return true;
        });
    }
}

} // namespace

std::set<const Function*> tasksNamedBy(const CallGraph& graph, const Module& module, const Node& named) {
    std::set<const Function*> functions = graph.namedIn(module, named);
    if (!named.is("identifier")) return functions;
    const Function* within = module.enclosingFunction(named);
    for (const Function& nested : module.functions)
        if (within && nested.isNested && nested.name == named.text() && within->node.contains(nested.node) && graph.contains(nested))
            functions.insert(&nested);
    return functions;
}

Node backgroundTask(const CallGraph& graph, const Module& module, const Node& call) {
    const Node callee = call.field("function");
    const bool isAdded = callee.is("attribute") && callee.field("attribute").text() == "add_task" && isTaskList(module, callee.field("object"));
    if (!isAdded && !endsWith(callee.text(), "BackgroundTask")) return {};
    const Node named = call.field("arguments").namedChild(0);
    if (!named.is("identifier") && !named.is("attribute")) return {};
    const std::set<const Function*> functions = tasksNamedBy(graph, module, named);
    if (functions.empty()) return {};
    const bool isAsync = (*functions.begin())->isAsync;
    const bool fits = std::all_of(functions.begin(), functions.end(), [&](const Function* function) {
        return function->isAsync == isAsync && !isGenerator(graph.moduleOf(*function), *function) && !changesParameters(*function);
    });
    return fits ? named : Node();
}

void bridgeBackgroundTasks(MigrationContext& context, const CallGraph& graph, const StoreAccess& access, const Proxies& proxies) {
    forEachCall(graph, [&](const Module& module, const Node& call) {
        const Node named = backgroundTask(graph, module, call);
        if (named.isNull()) return;
        std::vector<const FoundStore*> stores;
        bool isAsync = false, onlyReading = true;
        for (const Function* function : tasksNamedBy(graph, module, named)) {
            const Handler* handler = context.handlerOf(*function);
            if (handler && handler->rewritten) return; // it opens them itself
            isAsync = isAsync || function->isAsync;
            onlyReading = onlyReading && onlyReads(context.project(), graph, *function);
            for (const FoundStore* store : access.storesOf(*function))
                if (proxies.count(store) && std::find(stores.begin(), stores.end(), store) == stores.end()) stores.push_back(store);
        }
        if (stores.empty()) return;
        std::vector<std::string> arguments;
        for (const FoundStore* store : stores) {
            arguments.push_back(openedStore(context, module, *store, proxies.at(store)));
            onlyReading = onlyReading && store->initialValue.text().find("defaultdict") == std::string_view::npos;
        }
        if (onlyReading) arguments.push_back("read_only=True");
        // The framework runs what is not async in a thread.
        if (!isAsync) arguments.push_back("in_thread=True");
        ModuleRewrite& rewrite = context.rewrite(module);
        rewrite.requireImport(context.importPath(module, context.bridgeModule), "with_stores");
        rewrite.wrap(named, "with_stores(" + join(arguments, ", ") + ")(", ")");
    });
}

} // namespace covet::rules
