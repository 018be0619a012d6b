#include "rules/store/bridge_rewrite.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "rules/store/entry_points.h"
#include "rules/store/middleware.h"
#include "rules/store/mutation.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using facts::ReferenceContext;
using facts::StoreReference;
using facts::UseKind;
using semantic::Function;
using semantic::Module;

/// Builtins that only walk through what they are given.
bool onlyIterates(const semantic::Project& project, const Module& module, const Node& reference) {
    Node call = reference.parent().parent();
    if (!reference.parent().is("argument_list") || !call.is("call")) return false;
    static constexpr Words kNames = {"list", "set",      "tuple", "sorted",    "enumerate", "sum",
                                     "any",  "reversed", "all",   "frozenset", "iter"};
    Node callee = call.field("function");
    return callee.is("identifier") && kNames.count(callee.text()) > 0 &&
           project.resolve(module, callee).kind == semantic::Symbol::Kind::Unknown &&
           call.field("arguments").namedChildren()[0] == reference;
}

/// Whether an operation of the container follows the name, so that the proxy does the same.
bool keepsName(const semantic::Project& project, const StoreReference& reference) {
    switch (facts::contextOf(reference.node).kind) {
    case UseKind::Read:
        return onlyIterates(project, *reference.module, reference.node);
    case UseKind::Rebind:
    case UseKind::Augment:
    case UseKind::Next:
        return false;
    default:
        return true;
    }
}

/// `len(xs) + 1`, stored as the id of a new record of `xs`.
Node lengthId(const FoundStore& store, const StoreReference& reference) {
    if (store.fact.idSource != facts::IdSource::LenPlusOne || store.fact.container == facts::Container::Scalar)
        return {};
    ReferenceContext context = facts::contextOf(reference.node);
    Node sum = context.node.parent();
    if (context.kind != UseKind::Length || !sum.is("binary_operator") || !(sum.field("left") == context.node) ||
        sum.field("operator").text() != "+" || sum.field("right").text() != "1")
        return {};
    Node use = sum.parent();
    bool pair = use.is("pair") && use.field("key").namedChildCount() > 1 &&
                use.field("key").namedChild(1).text() == store.fact.idField;
    bool argument = use.is("keyword_argument") && use.field("name").text() == store.fact.idField;
    return pair || argument || use.is("assignment") || use.is("subscript") ? sum : Node{};
}

class GroupBridge {
public:
    GroupBridge(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                const Proxies& proxies)
        : context_(context), graph_(graph), access_(access), proxies_(proxies) {}

    void rewrite(const FoundStore& store, const StoreReference& reference) {
        const Proxy& proxy = proxies_.at(&store);
        ModuleRewrite& rewrite = context_.rewrite(*reference.module);
        healLengthId(store, reference);
        // What objects of one class share denotes the store of each of them.
        if (!rewritten_.insert(reference.node.id()).second) return;
        const bool scalar = store.fact.container == facts::Container::Scalar;
        if (!proxy.content.empty() && (scalar || !keepsName(context_.project(), reference)))
            rewrite.wrapValue(reference.node, "", proxy.content);
    }

    void openStores(const Handler& handler) {
        const Module& module = *handler.module;
        const std::string decorator = decoratorFor(module, access_.storesOf(*handler.function),
                                                   onlyReads(context_.project(), graph_, *handler.function), &handler, Node());
        ModuleRewrite& rewrite = context_.rewrite(module);
        Node below = isMiddleware(module, *handler.function) ? handler.function->node
                     : handler.routeDecorators.empty()         ? firstKeptDecorator(rewrite, *handler.function)
                                                               : belowRoutes(handler);
        if (handler.isDependency) returnYielded(module, *handler.function);
        rewrite.wrap(below, decorator + "\n" + rewrite.indentOf(below), "");
        if (!handler.callsArePlain && !context_.signatures(module).isAsync(*handler.function)) callOriginal(handler);
    }

    void openStores(const MadeHandlerUse& use) {
        const Module& module = *use.handler->module;
        use.handler->decorators->push_back(decoratorFor(
            module, use.stores, onlyReads(context_.project(), graph_, module, use.handler->code), nullptr, use.handler->code));
    }

private:
    /// What a dependency has opened stays open until the handler has ended, so it need not wait for that itself.
    void returnYielded(const Module& module, const Function& function) {
        ModuleRewrite& rewrite = context_.rewrite(module);
        const Node yielded = yieldAtEnd(module, function);
        if (yielded.isNull()) return;
        const Node value = yielded.namedChild(0);
        rewrite.replace(yielded, [value](const ModuleRewrite& inner) { return "return " + inner.render(value); });
        const Node type = function.node.field("return_type").namedChild(0); // `Iterator[X]`, `Generator[X, None, None]`
        if (type.is("generic_type") && type.namedChild(1).namedChildCount() > 0)
            rewrite.replace(type, std::string(type.namedChild(1).namedChild(0).text()));
    }

    /// `handler`: of a function of the project; null for one that the migration makes, of a lambda at `made`.
    std::string decoratorFor(const Module& module, const std::vector<const FoundStore*>& stores, bool readOnly,
                             const Handler* handler, const Node& made) {
        std::vector<std::string> names;
        for (const FoundStore* store : stores) {
            if (!proxies_.count(store)) continue;
            const bool isLater = made && store->module == &module && store->definition.start() > made.start();
            names.push_back(openedStore(context_, module, *store, proxies_.at(store), isLater));
            // A defaultdict gets the key that is looked up.
            readOnly = readOnly && !startsWith(store->initialValue.text(), "defaultdict") &&
                       !startsWith(store->initialValue.text(), "collections.defaultdict");
        }
        if (readOnly) names.push_back("read_only=True");
        if (handler && handler->inThread) names.push_back("in_thread=True");
        const bool around = handler && isMiddleware(module, *handler->function);
        const std::string decorator = handler && handler->isDependency ? "dependency_stores" : around ? "middleware_stores" : "with_stores";
        if (around && !usesStoresAfterAnswer(graph_, access_, module, *handler->function))
            names.push_back("again=False");
        context_.rewrite(module).requireImport(context_.importPath(module, context_.bridgeModule), decorator);
        return "@" + decorator + "(" + join(names, ", ") + ")";
    }

    /// The bridge makes coroutine functions: sync code that calls a handler calls what is inside.
    void callOriginal(const Handler& handler) {
        for (const auto& module : context_.project().modules()) {
            auto calls = module->calls.find(handler.function->name);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second) {
                const semantic::Symbol& symbol = context_.project().resolve(*module, call.field("function"));
                const Function* caller = module->enclosingFunction(call);
                if (symbol.kind == semantic::Symbol::Kind::Function && symbol.module == handler.module && caller &&
                    symbol.module->function(symbol.name) == handler.function && graph_.contains(*caller))
                    context_.rewrite(*module).wrap(call.field("function"), "", ".__wrapped__");
            }
        }
    }

    /// Project decorators may use stores too, so the bridge is outside of them and inside of the route.
    static Node firstKeptDecorator(const ModuleRewrite& rewrite, const Function& function) {
        for (const Node& decorator : function.decorated.namedChildren()) {
            if (!decorator.is("decorator") || bindsMethod(decorator)) continue;
            bool claimed = rewrite.isRemoved(decorator);
            syntax::walk(decorator, [&](const Node& node) {
                claimed = claimed || rewrite.isClaimed(node);
                return !claimed;
            });
            if (!claimed) return decorator;
        }
        return function.node;
    }

    /// The legacy form repeats ids after a delete, which a primary key refuses for ever after.
    void healLengthId(const FoundStore& store, const StoreReference& reference) {
        Node sum = lengthId(store, reference);
        if (sum.isNull()) return;
        std::string name(reference.node.text());
        std::string ids;
        if (store.fact.container == facts::Container::Dict) {
            if (store.fact.keyType != "int") return;
            ids = name + ", default=0";
        } else if (store.fact.idField.empty()) {
            return;
        } else if (store.fact.element == facts::Element::Instance) {
            ids = "(row." + store.fact.idField + " for row in " + name + "), default=0";
        } else {
            ids = "(row[" + pythonQuote(store.fact.idField) + "] for row in " + name + "), default=0";
        }
        if (context_.rewrite(*reference.module).replace(sum, "max(" + ids + ") + 1"))
            context_.report(*reference.module, sum, "COV206", store.fact.name).safetyReason = "healed";
    }

    MigrationContext& context_;
    const CallGraph& graph_;
    const StoreAccess& access_;
    const Proxies& proxies_;
    std::set<const void*> rewritten_; // references
};

} // namespace

void bridgeGroup(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                 const FunctionGroup& group, const Proxies& proxies) {
    GroupBridge bridge(context, graph, access, proxies);
    for (const FoundStore* store : group.stores)
        for (const StoreReference& reference : store->references)
            if (group.functions.count(reference.function)) bridge.rewrite(*store, reference);
    for (const Handler* handler : group.handlers)
        if (handler->rewritten) bridge.openStores(*handler);
}

void bridgeMadeHandler(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                       const MadeHandlerUse& use, const Proxies& proxies) {
    GroupBridge bridge(context, graph, access, proxies);
    for (size_t i = 0; i < use.references.size(); ++i) bridge.rewrite(*use.owners[i], *use.references[i]);
    bridge.openStores(use);
}

void cleanGlobals(MigrationContext& context, const std::vector<const FoundStore*>& stores) {
    std::map<const Module*, std::set<std::string>> gone;
    for (const FoundStore* store : stores)
        if (store->className.empty() && store->namespaceVariable.empty()) gone[store->module].insert(store->variable);
    for (const auto& [module, names] : gone) {
        ModuleRewrite& rewrite = context.rewrite(*module);
        syntax::walk(module->tree->root(), [&, &variables = names](const Node& node) {
            if (!node.is("global_statement")) return true;
            std::vector<std::string> kept;
            size_t all = 0;
            for (const Node& name : node.namedChildren()) {
                ++all;
                if (!variables.count(std::string(name.text()))) kept.emplace_back(name.text());
            }
            if (kept.size() == all || rewrite.isClaimed(node)) return false;
            if (kept.empty()) rewrite.remove(node);
            else rewrite.replace(node, "global " + join(kept, ", "));
            return false;
        });
    }
}

} // namespace covet::rules
