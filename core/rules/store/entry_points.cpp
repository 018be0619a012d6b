#include "rules/store/entry_points.h"

#include <set>

#include "facts/class_uses.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;
using syntax::Node;

bool runsLater(std::string_view name) {
    static constexpr Words kNames = {
        "create_task", "ensure_future", "add_task",  "Thread",      "Timer",       "Process",
        "submit",      "call_later",    "call_soon", "call_at",     "run_in_executor", "start_new_thread",
        "add_job",     "apply_async",   "map_async", "start_soon",  "signal",      "add_signal_handler",
        "add_done_callback", "run_coroutine_threadsafe", "call_soon_threadsafe", "finalize", "BackgroundTask"};
    return kNames.count(name) > 0;
}

bool isGenerator(const Module& module, const Function& function) {
    bool found = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("yield") && module.enclosingFunction(node) == &function) found = true;
        return !found && !node.is("lambda");
    });
    return found;
}

Node yieldAtEnd(const Module& module, const Function& function) {
    size_t yields = 0;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (((node.is("yield") && !node.parent().is("yield")) || node.is("return_statement")) && module.enclosingFunction(node) == &function) ++yields;
        return !node.is("lambda");
    });
    const std::vector<Node> statements = function.node.field("body").namedChildren();
    const Node last = statements.empty() ? Node() : statements.back().namedChild(0);
    const bool isValue = last.is("yield") && last.namedChildCount() == 1 && last.text().find("from") != 6;
    return yields == 1 && isValue && statements.back().is("expression_statement") ? last : Node();
}

bool isPlainDecorator(std::string_view text) {
    for (const char* known : {"@staticmethod", "@classmethod", "@property", "@functools.wraps", "@wraps"})
        if (startsWith(text, known)) return true;
    return text.find(".setter") != std::string_view::npos;
}

bool isWsgiCallable(const Function& function) {
    std::vector<std::string> names;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        std::string name = semantic::parameterName(parameter);
        if (!name.empty() && name != "self" && name != "cls") names.push_back(std::move(name));
    }
    return names.size() == 2 && (startsWith(names[0], "env") || names[1].find("start_response") != std::string::npos) &&
           startsWith(names[1], "start");
}

namespace {

/// `__subclasses__()` and the like, which find classes that no code names.
bool findsClasses(const semantic::Project& project) {
    static const std::set<std::string_view> kWays = {"__subclasses__", "__dict__", "getmembers", "globals", "vars", "eval", "exec", "getattr"};
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (std::string_view way : kWays)
            for (const Node& name : module->tree->identifiers(way)) {
                if (way != "getattr") return true;
                const Node asked = name.parent().is("call") ? name.parent().field("arguments").namedChild(0) : Node();
                if (asked.isNull() || project.resolve(*module, asked).kind == Symbol::Kind::Module || asked.is("subscript")) return true;
            }
    }
    return false;
}

} // namespace

bool isNeverServed(const semantic::Project& project, const Module& module, const std::string& className) {
    static constexpr Words kHandlers = {"flask_restful.Resource",    "flask_restx.Resource", "flask_restplus.Resource",
                                        "flask.views.MethodView",    "flask.views.View"};
    const semantic::Class* owner = module.classNamed(className);
    if (!owner || owner->bases.empty() || owner->node.parent().is("decorated_definition")) return false;
    for (const std::string& base : owner->bases) {
        const size_t dot = base.find('.');
        const Symbol symbol = project.resolveGlobal(module, base.substr(0, dot));
        if (symbol.kind != Symbol::Kind::External || !kHandlers.count(symbol.name + (dot == base.npos ? "" : base.substr(dot)))) return false;
    }
    const facts::ClassUses uses = facts::usesOfClass(project, module, className);
    return uses.made.empty() && uses.injected.empty() && uses.subclasses.empty() && !uses.asValue && !uses.otherwise && !findsClasses(project);
}

bool hasForeignBase(const semantic::Project& project, const Module& module, const std::string& className) {
    const semantic::Class* owner = module.classNamed(className);
    if (!owner) return false;
    for (const std::string& base : owner->bases) {
        Symbol symbol = project.resolveGlobal(module, base.substr(0, base.find_first_of(".[")));
        static constexpr Words kPlain = {"object", "ABC", "Protocol", "abc.ABC", "Generic"};
        if (symbol.kind != Symbol::Kind::Class && !kPlain.count(base.substr(0, base.find('[')))) return true;
        if (symbol.kind == Symbol::Kind::Class && !(symbol.module == &module && symbol.name == className) &&
            hasForeignBase(project, *symbol.module, symbol.name))
            return true;
    }
    return false;
}

} // namespace covet::rules
