#include <algorithm>

#include "facts/startup_functions.h"
#include "rules/store/background_tasks.h"
#include "rules/store/entry_points.h"
#include "rules/store/kept_framework.h"
#include "rules/store/middleware.h"
#include "rules/store/streamed_answers.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// Consumers that take a generator to its end at once.
bool consumesAtOnce(const Node& call) {
    Node parent = call.parent();
    if (parent.is("for_statement") || parent.is("for_in_clause")) return parent.field("right") == call;
    if (!parent.is("argument_list")) return false;
    static constexpr Words kNames = {"list", "tuple", "set", "dict", "sorted", "sum",
                                     "max",  "min",   "any", "all",  "next",   "join"};
    Node callee = parent.parent().field("function");
    return kNames.count(callee.is("attribute") ? callee.field("attribute").text() : callee.text()) > 0;
}

class FunctionObstacles {
public:
    FunctionObstacles(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                      const StartCode& start, Obstacles& found)
        : context_(context), project_(context.project()), graph_(graph), access_(access), start_(start), found_(found) {
        for (const auto& first : facts::startupFunctions(project_)) startup_.insert(first.second);
        for (const Handler& handler : context.handlers)
            if (handler.rewritten && handler.function && graph.contains(*handler.function))
                for (const Function* function : graph.reachableFrom(*handler.function)) served_.insert(function);
    }

    void run(const std::vector<const FoundStore*>& stores, const std::vector<MainBlockFill>& fills) {
        for (const Handler& handler : context_.handlers)
            if (handler.reason == "socket-server" && graph_.contains(*handler.function))
                stop(*handler.function, handler.reason, *handler.module, handler.function->node, "the program reads HTTP from its connections itself, and no application of the target can do that");
        for (const ImportTimeUse& use : importTimeUses(context_, graph_, access_, stores)) {
            if (use.kind == ImportTimeUse::Kind::Seeding) {
                if (use.statement == use.function->decorated) seedsAtStart_.insert(use.function);
                continue;
            }
            const bool main = use.kind == ImportTimeUse::Kind::MainBlock;
            const bool filled = main && std::any_of(fills.begin(), fills.end(), [&](const MainBlockFill& fill) {
                                    return fill.module == use.module && use.statement.contains(fill.call);
                                });
            if (filled) continue;
            stopAtImport(use, main ? "used-at-start" : "used-at-import",
                         main ? "move this into a start-up handler or a script of its own"
                              : "compute this when a request needs it, not when the module is imported");
        }
        for (const auto& [function, module] : graph_.functions()) {
            if (!context_.staysOnFramework) laterCalls(*module, *function);
            if (!access_.touches(*function)) continue;
            if (function->name == "__init_subclass__" && !function->className.empty())
                stop(*function, "used-at-import", *module, function->node, "Python calls it where a class is defined, when no request has come yet");
            middleware(*module, *function);
            generator(*module, *function);
            if (isWsgiCallable(*function) && !served_.count(function))
                stop(*function, "unknown-entry-point", *module, function->node, "a WSGI server calls it, and it cannot wait for a query");
            if (isAsgiMethod(*function) && !served_.count(function))
                stop(*function, "unknown-entry-point", *module, function->node, "a server, or an application around it, calls it");
            if (!context_.staysOnFramework) entryPoint(*module, *function);
        }
        if (context_.staysOnFramework) KeptFramework(context_, graph_, access_).obstacles(start_, found_);
    }

private:
    /// `async def __call__(self, scope, receive, send)`
    static bool isAsgiMethod(const Function& function) {
        const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        return function.isAsync && function.name == "__call__" && parameters.size() == 4 && semantic::parameterName(parameters[1]) == "scope";
    }

    void stop(const Function& function, const std::string& reason, const Module& module, const Node& where,
              const std::string& hint) {
        for (const FoundStore* store : access_.storesOf(function))
            found_.emplace(store, Obstacle{reason, hint, &module, where});
    }

    /// The same for what module-level code does when it is imported.
    void stopAtImport(const ImportTimeUse& use, const std::string& reason, const std::string& hint) {
        const auto* touched = context_.staysOnFramework ? start_.touchedBy(*use.function) : nullptr;
        for (const FoundStore* store : access_.storesOf(*use.function))
            if ((!touched || touched->count(store)) && !start_.fills(*store))
                found_.emplace(store, Obstacle{reason, hint, use.module, use.statement});
    }

    void laterCalls(const Module& module, const Function& function) {
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            if (!node.is("call")) return true;
            Node callee = node.field("function");
            if (!runsLater(callee.is("attribute") ? callee.field("attribute").text() : callee.text())) return true;
            const Node task = backgroundTask(graph_, module, node);
            for (const Node& argument : node.field("arguments").namedChildren()) {
                if (argument == task) continue;
                for (const Function* named : tasksNamedBy(graph_, module, argument))
                    if (access_.touches(*named)) stop(*named, "background-work", module, node, "open the stores inside of the task itself");
            }
            return true;
        });
    }

    void middleware(const Module& module, const Function& function) {
        const Handler* handler = context_.handlerOf(function);
        if (!handler || !handler->rewritten || !isMiddleware(module, function)) return;
        if (const Node held = heldOverAnswer(graph_, access_, module, function))
            stop(function, "middleware", module, held,
                 "look up `" + std::string(held.text()) + "` again after the answer: it is from before it");
    }

    /// Whether nothing but `Depends(function)` names it.
    bool isOnlyInjected(const Function& function) const {
        for (const auto& module : project_.modules()) {
            if (isTestModule(*module)) continue;
            for (const Node& use : module->tree->identifiers(function.name)) {
                if (use == function.node.field("name") || use.ancestor({"import_from_statement", "import_statement"})) continue;
                const Node outer = use.parent().is("keyword_argument") ? use.parent().parent() : use.parent();
                const std::string_view called = outer.is("argument_list") ? outer.parent().field("function").text() : std::string_view();
                if (called != "Depends" && called != "Security" && called != "fastapi.Depends") return false;
            }
        }
        return true;
    }

    void generator(const Module& module, const Function& function) {
        const Handler* handler = context_.handlerOf(function);
        const bool injected = handler && handler->isDependency && handler->rewritten;
        if (!isGenerator(module, function) || (injected && (yieldAtEnd(module, function) || isOnlyInjected(function)))) return;
        size_t calls = 0;
        bool atOnce = true;
        for (const auto& other : project_.modules()) {
            auto named = other->calls.find(function.name);
            if (named == other->calls.end() || isTestModule(*other)) continue;
            for (const Node& call : named->second) {
                if (!mayCall(*other, call, module, function)) continue;
                ++calls;
                atOnce = atOnce && (consumesAtOnce(call) || isStreamedCall(*other, call, function));
            }
        }
        if (calls == 0 || !atOnce)
            stop(function, "generator", module, function.node, "return a list: the response asks for the pieces when the request is over");
    }

    /// `@app.cli.command("seed")`, `@click.command()`, `@users.command("add")` of Click
    static bool isCommand(std::string_view decorator) {
        const std::string_view called = decorator.substr(0, decorator.find('('));
        return called == "@with_appcontext" || (called.size() > 8 && called.substr(called.size() - 8) == ".command");
    }

    void entryPoint(const Module& module, const Function& function) {
        if (seedsAtStart_.count(&function)) return;
        if (startup_.count(&function))
            return stop(function, "startup-code", module, function.node, "every start would do this to the tables again");
        if (served_.count(&function)) return;
        const Handler* handler = context_.handlerOf(function);
        if (handler && !handler->rewritten) {
            stop(function, handler->reason.empty() ? "handler-not-rewritten" : handler->reason, module,
                 function.node, "its handler is not rewritten");
            return;
        }
        if (!function.className.empty() && isNeverServed(project_, module, function.className)) return;
        if (function.name == "__del__") return stop(function, "finalizer", module, function.node, "");
        for (const Node& decorator : function.decorated.namedChildren())
            if (decorator.is("decorator") && !isPlainDecorator(decorator.text()))
                return isCommand(decorator.text())
                           ? stop(function, "cli-command", module, function.decorated, "a command runs in a process of its own, and never sees the data of the server")
                           : stop(function, "unknown-entry-point", module, function.decorated, "what calls this function is not known");
        if (!function.className.empty() && hasForeignBase(project_, module, function.className))
            stop(function, "unknown-entry-point", module, function.node, "a base class of a library calls it");
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    const CallGraph& graph_;
    const StoreAccess& access_;
    const StartCode& start_;
    Obstacles& found_;
    std::set<const Function*> served_, startup_, seedsAtStart_;
};

} // namespace

void functionObstacles(MigrationContext& context, const CallGraph& graph, const StoreAccess& access,
                       const std::vector<const FoundStore*>& stores, const StartCode& start,
                       const std::vector<MainBlockFill>& fills, Obstacles& found) {
    FunctionObstacles(context, graph, access, start, found).run(stores, fills);
}

} // namespace covet::rules
