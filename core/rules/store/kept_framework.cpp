#include "rules/store/kept_framework.h"

#include <algorithm>

#include "rules/store/entry_points.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;
using semantic::Symbol;

std::string_view calledName(const Node& call) {
    const Node callee = call.field("function");
    return callee.is("attribute") ? callee.field("attribute").text() : callee.text();
}

/// Work beside the request that comes to an end by itself and that nobody waits for.
bool isShortJob(std::string_view name) {
    static constexpr Words kNames = {"Thread", "Timer", "start_new_thread", "add_job", "add_signal_handler"};
    return kNames.count(name) > 0;
}

bool hasCall(const Node& code, const std::set<std::string_view>& names) {
    bool found = false;
    syntax::walk(code, [&](const Node& node) {
        found = found || (node.is("call") && names.count(calledName(node)) > 0);
        return !found;
    });
    return found;
}

/// Loops that wait between their turns, or that have no end: the stores would be open all the time.
bool runsOn(const Function& function) {
    bool found = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("while_statement")) return !found;
        const std::string_view condition = node.field("condition").text();
        found = found || condition == "True" || condition == "1" || hasCall(node.field("body"), {"sleep", "wait"});
        return !found;
    });
    return found;
}

bool hasUnknownDecorator(const Function& function) {
    for (const Node& decorator : function.decorated.namedChildren())
        if (decorator.is("decorator") && !isPlainDecorator(decorator.text())) return true;
    return false;
}

bool isDunder(const Function& function) { return startsWith(function.name, "__"); }

} // namespace

KeptFramework::KeptFramework(const MigrationContext& context, const CallGraph& graph, const StoreAccess& access)
    : context_(context)
    , graph_(graph)
    , access_(access) {
    if (!context.staysOnFramework) return;
    findServed();
    findEntries();
    findLocks();
}

bool KeptFramework::isView(const Module& module, const Function& function) const {
    static constexpr Words kMethods = {"get", "post", "put", "delete", "patch", "head", "options", "dispatch_request"};
    return kMethods.count(function.name) > 0 && !function.className.empty() &&
           hasForeignBase(context_.project(), module, function.className);
}

void KeptFramework::findServed() {
    auto serve = [&](const Function& function) {
        if (served_.count(&function) || !graph_.contains(function)) return;
        for (const Function* reached : graph_.reachableFrom(function)) served_.insert(reached);
    };
    for (const Handler& handler : context_.handlers)
        if (handler.function) serve(*handler.function);
    for (const auto& [function, module] : graph_.functions())
        if (isView(*module, *function)) serve(*function);
}

void KeptFramework::findEntries() {
    for (const auto& [function, module] : graph_.functions()) {
        if (!access_.touches(*function) || served_.count(function)) continue;
        const bool called = !function->className.empty() && !isDunder(*function) &&
                            hasForeignBase(context_.project(), *module, function->className);
        if (called || hasUnknownDecorator(*function)) entries_.insert(function);
    }
    for (const auto& module : context_.project().modules()) {
        if (isTestModule(*module)) continue;
        for (const auto& [name, calls] : module->calls)
            for (const Node& call : calls)
                for (const Node& argument : call.field("arguments").namedChildren()) {
                    const Node value = argument.is("keyword_argument") ? argument.field("value") : argument;
                    if (!value.is("identifier") && !value.is("attribute")) continue;
                    for (const Function* function : graph_.namedIn(*module, value))
                        if (access_.touches(*function) && !isDunder(*function) &&
                            (!served_.count(function) || runsLater(calledName(call))))
                            entries_.insert(function);
                }
    }
}

void KeptFramework::findLocks() {
    static const std::set<std::string_view> kLocks = {"Lock", "RLock", "Semaphore", "BoundedSemaphore"};
    static const std::set<std::string_view> kMeetings = {"Condition", "Event", "Barrier", "Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "JoinableQueue"};
    for (const auto& module : context_.project().modules()) {
        if (isTestModule(*module) || !serves(*module)) continue;
        for (const auto* names : {&kLocks, &kMeetings})
            for (std::string_view name : *names) {
                auto calls = module->calls.find(std::string(name));
                if (calls == module->calls.end()) continue;
                for (const Node& call : calls->second) {
                    const Symbol& symbol = context_.project().resolve(*module, call.field("function"));
                    const std::string package = symbol.kind == Symbol::Kind::External ? symbol.name.substr(0, symbol.name.find('.')) : "";
                    if (package != "threading" && package != "queue" && package != "multiprocessing") continue;
                    hasLocks_ = hasLocks_ || names == &kLocks;
                    if (names != &kMeetings || waiting_) continue;
                    waitingModule_ = module.get();
                    waiting_ = call;
                }
            }
    }
}

std::set<const Function*> KeptFramework::calledAtOnce(const Module& module, const Node& code) const {
    std::set<const Function*> called;
    syntax::walk(code, [&](const Node& node) {
        if (node.is("lambda") || (node.is("function_definition") && !(node == code))) return false;
        if (!node.is("call")) return true;
        const Node callee = node.field("function");
        std::set<const Function*> named = graph_.namedIn(module, callee);
        // `Thread(target=work).start()` does not call `work`.
        syntax::walk(callee, [&](const Node& inner) {
            if (inner.is("argument_list"))
                for (const Function* handed : graph_.namedIn(module, inner)) named.erase(handed);
            return true;
        });
        called.insert(named.begin(), named.end());
        return true;
    });
    return called;
}

std::set<const Function*> KeptFramework::runAtOnce(const Module& module, const Node& code) const {
    std::set<const Function*> run;
    std::vector<const Function*> open;
    const auto add = [&](const std::set<const Function*>& called) {
        for (const Function* function : called)
            if (graph_.contains(*function) && run.insert(function).second) open.push_back(function);
    };
    add(calledAtOnce(module, code));
    while (!open.empty()) {
        const Function* function = open.back();
        open.pop_back();
        add(calledAtOnce(graph_.moduleOf(*function), function->node));
    }
    return run;
}

bool KeptFramework::touchesAtOnce(const Function& function, std::set<const Function*>& seen) const {
    if (!seen.insert(&function).second) return false;
    for (const FoundStore* store : access_.directly(function))
        for (const facts::StoreReference& reference : store->references)
            if (reference.function == &function) return true;
    for (const Function* called : calledAtOnce(graph_.moduleOf(function), function.node))
        if (graph_.contains(*called) && touchesAtOnce(*called, seen)) return true;
    return false;
}

std::set<const Function*> KeptFramework::touchingAtOnce(const Module& module, const Node& code) const {
    std::set<const Function*> touching;
    for (const Function* function : calledAtOnce(module, code)) {
        std::set<const Function*> seen;
        if (graph_.contains(*function) && touchesAtOnce(*function, seen)) touching.insert(function);
    }
    return touching;
}

bool KeptFramework::serves(const Module& module) const {
    return std::any_of(context_.keptApplications.begin(), context_.keptApplications.end(),
                       [&](const KeptApplication& kept) { return kept.modules.count(&module) > 0; });
}

void KeptFramework::obstacles(const StartCode& start, Obstacles& found) const {
    auto stop = [&](const Function& function, const char* reason, const Module& module, const Node& where, const char* hint) {
        for (const FoundStore* store : access_.storesOf(function)) found.emplace(store, Obstacle{reason, hint, &module, where});
    };
    for (const Function* function : entries_) {
        const Module& module = graph_.moduleOf(*function);
        if (function->isAsync)
            stop(*function, "unknown-entry-point", module, function->node, "what calls this function is not known");
        for (const Function* reached : graph_.reachableFrom(*function))
            if (runsOn(*reached))
                stop(*function, "background-work", module, function->node, "open the stores for each turn: with open_stores(): ...");
    }
    if (waiting_)
        for (const auto& [function, module] : graph_.functions())
            if (serves(*module))
                stop(*function, "thread-lock", *waitingModule_, waiting_,
                     "one request may wait for another one here, and the stores are open for one of them only");
    for (const KeptApplication& kept : context_.keptApplications) {
        const Function* factory = kept.module->enclosingFunction(kept.creation);
        std::set<const Function*> seen;
        if (!factory || !graph_.contains(*factory) || !touchesAtOnce(*factory, seen)) continue;
        const auto* touched = start.touchedBy(*factory);
        for (const FoundStore* store : access_.storesOf(*factory))
            if (!touched || (touched->count(store) && !start.fills(*store)))
                found.emplace(store, Obstacle{"used-at-start", "move this into a command of its own, or do it when a request needs it",
                                              kept.module, factory->node});
    }
    for (const auto& module : context_.project().modules()) {
        if (isTestModule(*module)) continue;
        for (const auto& [name, calls] : module->calls)
            for (const Node& call : calls) {
                if (!runsLater(calledName(call))) continue;
                const Function* starter = module->enclosingFunction(call);
                // Who waits for it would wait for ever: it waits for the stores that the request has open.
                if (isShortJob(calledName(call)) && !(starter && hasCall(starter->node.field("body"), {"join", "result", "is_alive"}))) continue;
                for (const Function* function : graph_.namedIn(*module, call.field("arguments")))
                    if (access_.touches(*function))
                        stop(*function, "background-work", *module, call, "open the stores inside of the task itself");
            }
    }
}

void openAroundRequests(MigrationContext& context, const CallGraph& graph, const KeptFramework& kept) {
    for (const Function* function : kept.entries()) {
        const Module& module = graph.moduleOf(*function);
        ModuleRewrite& rewrite = context.rewrite(module);
        rewrite.wrap(function->node, "@with_stores\n" + rewrite.indentOf(function->node), "");
        rewrite.requireImport(context.importPath(module, context.bridgeModule), "with_stores");
    }
    for (const KeptApplication& application : context.keptApplications) {
        const Module& module = *application.module;
        const Node assignment = application.creation.parent();
        Node statement = assignment;
        while (statement && !statement.is("expression_statement")) statement = statement.parent();
        const std::string name(assignment.field("left").text());
        ModuleRewrite& rewrite = context.rewrite(module);
        rewrite.insertAfter(statement, {name + ".wsgi_app = StoresMiddleware(" + name + ".wsgi_app)"});
        rewrite.requireImport(context.importPath(module, context.bridgeModule), "StoresMiddleware");
        context.migratedApps.push_back(application.app);
        Finding& finding = context.report(module, application.creation, "COV110", application.app.attribute);
        finding.safetyReason = application.reason;
        finding.hint = "its routes are left to you: see the findings COV105 and COV006; start it as before";
    }
}

} // namespace covet::rules
