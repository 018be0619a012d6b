#include "facts/single_object.h"

#include <algorithm>

#include "facts/class_uses.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

/// Calls that are followed from one to the next.
constexpr int kCallers = 6;

/// Names of the calls that make an application or a server.
const char* const kMakers[] = {"Flask",       "FastAPI",    "CovetApp",  "CovetPy", "HTTPServer", "ThreadingHTTPServer",
                               "make_server", "run_server", "Starlette", "Quart",   "Sanic",      "Bottle"};

std::string_view lastName(const Node& expression) {
    return expression.is("attribute") ? expression.field("attribute").text() : expression.text();
}

/// `lru_cache`, `functools.lru_cache(maxsize=None)`, `cache`.
bool keepsResult(const Function& function) {
    for (const Node& decorator : function.decorated.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        Node name = decorator.namedChild(0);
        if (name.is("call")) name = name.field("function");
        const std::string_view last = lastName(name);
        if (last == "lru_cache" || last == "cache") return true;
    }
    return false;
}

/// `@app.on_event("startup")`, or a context manager whose name an application gets as its `lifespan`.
bool isRunAtStart(const Project& project, const Module& module, const Function& function) {
    if (!function.className.empty()) return false;
    bool manager = false;
    for (const Node& decorator : function.decorated.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        const Node given = decorator.namedChild(0);
        manager = manager || endsWith(given.text(), "asynccontextmanager");
        if (!given.is("call") || lastName(given.field("function")) != "on_event") continue;
        const std::string_view event = given.field("arguments").namedChild(0).text();
        if (event == "\"startup\"" || event == "'startup'") return true;
    }
    if (!manager) return false;
    for (const auto& other : project.modules())
        for (const Node& name : other->tree->identifiers(function.name)) {
            const Node parent = name.parent();
            if (parent.is("keyword_argument") && parent.field("name").text() == "lifespan" &&
                (other.get() == &module || !function.isNested))
                return true;
        }
    return false;
}

bool isApplicationFactory(const Function& function) {
    if (function.isNested || !function.className.empty()) return false;
    bool makes = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("class_definition")) return false;
        if (node.is("call"))
            makes = makes || std::any_of(std::begin(kMakers), std::end(kMakers), [&](const char* maker) {
                        return lastName(node.field("function")) == maker;
                    });
        return !makes;
    });
    return makes;
}

bool isNone(const Node& value) { return value.is("none") || value.text() == "False"; }

/// `hasattr(app.state, "repo")` where the target is `app.state.repo`.
bool asksForAttribute(const Node& condition, const std::string& target) {
    const std::vector<Node> arguments = condition.field("arguments").namedChildren();
    if (!condition.is("call") || condition.field("function").text() != "hasattr" || arguments.size() != 2) return false;
    return std::string(arguments[0].text()) + "." + std::string(arguments[1].namedChild(1).text()) == target;
}

/// Whether an expression asks if something that is written `target` is still missing.
bool asksIfMissing(const Node& condition, const std::string& target) {
    if (condition.is("not_operator"))
        return condition.namedChild(0).text() == target || asksForAttribute(condition.namedChild(0), target);
    if (!condition.is("comparison_operator")) return false;
    const std::string text(condition.text());
    return text == target + " is None" || text == target + " == None";
}

bool asksIfThere(const Node& condition, const std::string& target) {
    return condition.text() == target || condition.text() == target + " is not None";
}

bool alwaysReturns(const Node& block) {
    const std::vector<Node> statements = block.namedChildren();
    return !statements.empty() && statements.back().is("return_statement");
}

/// Whether a statement only runs while its target has not been set: it stands under `if target is None:`,
/// or after `if target is not None: return target`.
bool isGuarded(const Function& function, const Node& assignment, const std::string& target) {
    for (Node at = assignment; at && at != function.node; at = at.parent()) {
        const Node above = at.parent();
        if (above.is("if_statement") && above.field("consequence") == at && asksIfMissing(above.field("condition"), target))
            return true;
        if (!above.is("block")) continue;
        for (const Node& statement : above.namedChildren()) {
            if (statement == at) break;
            if (statement.is("if_statement") && asksIfThere(statement.field("condition"), target) &&
                alwaysReturns(statement.field("consequence")))
                return true;
        }
    }
    return false;
}

/// Whether functions set `name` (a global of the module, or an attribute) to None: the object is made anew then.
bool isReset(const Project& project, const Module& owner, std::string_view name) {
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const Node& found : module->tree->identifiers(name)) {
            const bool isMember = found.parent().is("attribute") && found.parent().field("attribute") == found;
            if (!isMember && module.get() != &owner) continue;
            const Node target = isMember ? found.parent() : found;
            const Node statement = target.parent();
            if (statement.is("delete_statement")) return true;
            const Function* within = module->enclosingFunction(target);
            if (statement.is("assignment") && statement.field("left") == target && isNone(statement.field("right")) &&
                within && within->name != "__init__" && !(target.is("identifier") && resetsForTests(project, *within, name)))
                return true;
        }
    }
    return false;
}

enum class Keeper { None, Program, OwnObject };

/// What the name outlives the call with in `if _repo is None: _repo = Repo()`.
Keeper keeperOfFirst(const Project& project, const Module& module, const Function& function, const Node& call) {
    Node value = call;
    while (value.parent().is("parenthesized_expression") || value.parent().is("boolean_operator") ||
           value.parent().is("conditional_expression"))
        value = value.parent();
    const Node assignment = value.parent();
    if (!assignment.is("assignment") || !(assignment.field("right") == value)) return Keeper::None;
    const Node target = assignment.field("left");
    const std::string written(target.text());
    Keeper keeper = Keeper::Program;
    if (target.is("identifier")) {
        if (!function.globals.count(written)) return Keeper::None;
    } else if (target.is("attribute")) {
        const Node owner = target.field("object");
        const bool isClass = owner.text() == "cls" || owner.text() == "self.__class__" || owner.text() == "type(self)" ||
                             project.resolve(module, owner).kind == Symbol::Kind::Class;
        const bool isState = endsWith(owner.text(), "app.state") || owner.text() == "current_app" || owner.text() == "app";
        if (!isClass && !isState && (owner.text() != "self" || function.className.empty())) return Keeper::None;
        if (owner.text() == "self") keeper = Keeper::OwnObject;
    } else {
        return Keeper::None;
    }
    // `_repo = _repo or Repo()` guards itself.
    const bool guardsItself = value.is("boolean_operator") && value.field("left").text() == written;
    const bool keeps = (guardsItself || isGuarded(function, assignment, written)) && !isReset(project, module, lastName(target));
    return keeps ? keeper : Keeper::None;
}

/// Whether two places are never both run: `if` and `else` of one statement.
bool areInDifferentBranches(const Node& one, const Node& other) {
    for (Node branch = one; branch.parent(); branch = branch.parent()) {
        const Node choice = branch.parent();
        if (!choice.is("if_statement") && !choice.is("conditional_expression")) continue;
        for (Node also = other; also.parent(); also = also.parent())
            if (also.parent() == choice) {
                const bool isCondition = choice.is("if_statement") ? branch == choice.field("condition") || also == choice.field("condition")
                                                                   : branch == choice.namedChild(1) || also == choice.namedChild(1);
                return !(branch == also) && !isCondition;
            }
    }
    return false;
}

bool isImported(const Project& project, const Module& module) {
    return std::any_of(project.modules().begin(), project.modules().end(), [&](const auto& other) {
        if (other.get() == &module || semantic::isTestModule(*other)) return false;
        return std::any_of(other->imports.begin(), other->imports.end(), [&](const auto& imported) {
            const semantic::ImportBinding& binding = imported.second;
            return binding.module == module.name || binding.module + "." + binding.name == module.name;
        });
    });
}

class ObjectMaker {
public:
    explicit ObjectMaker(const Project& project) : project_(project) {}

    bool runsOnce(const Module& module, const Node& call, int steps) const {
        if (call.ancestor({"for_statement", "while_statement", "list_comprehension", "lambda",
                           "dictionary_comprehension", "generator_expression"}))
            return false;
        const Function* function = module.enclosingFunction(call);
        if (!function) return true;
        // A default is made with the function that has it.
        const Node parameters = call.ancestor({"parameters", "block"});
        if (parameters.is("parameters")) return runsOnce(module, function->node, steps);
        const Keeper keeper = keeperOfFirst(project_, module, *function, call);
        if (keeper == Keeper::Program || isRunAtStart(project_, module, *function)) return true;
        if (keeper == Keeper::OwnObject && steps > 0 && hasOneObject(module, function->className, steps - 1)) return true;
        if (function->isNested) return false;
        if (!function->className.empty())
            return steps > 0 && function->name == "__init__" && hasOneObject(module, function->className, steps - 1);
        if (keepsResult(*function) && function->node.field("parameters").namedChildCount() == 0) return true;
        if (steps == 0 || function->node.id() != function->decorated.id()) return false;
        return callsRunOnce(module, *function, steps - 1);
    }

private:
    bool hasOneObject(const Module& module, const std::string& className, int steps) const {
        const ClassUses uses = usesOfFamily(project_, module, className);
        return !uses.made.empty() && !uses.asValue && uses.injected.empty() && uses.subclasses.empty() &&
               areAlternatives(project_, uses.made) &&
               std::all_of(uses.made.begin(), uses.made.end(),
                           [&](const auto& made) { return runsOnce(*made.first, made.second, steps); });
    }

    /// Whether all calls of a function together run once. A factory is called by each program that serves its
    /// application: an entry module, a server that is told its name.
    bool callsRunOnce(const Module& owner, const Function& function, int steps) const {
        const bool isFactory = isApplicationFactory(function);
        size_t calls = 0;
        bool once = true;
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Node& name : module->tree->identifiers(function.name)) {
                const Node node = name.parent().is("attribute") && name.parent().field("attribute") == name ? name.parent() : name;
                if (name == function.node.field("name") || name.ancestor({"import_from_statement", "import_statement"})) continue;
                const Symbol& symbol = project_.resolve(*module, node);
                if (symbol.kind != Symbol::Kind::Function || symbol.module != &owner || symbol.name != function.qualified) continue;
                const Node call = node.parent();
                ++calls;
                once = once && call.is("call") && call.field("function") == node && runsOnce(*module, call, steps);
            }
        }
        return once && (isFactory || calls == 1);
    }

    const Project& project_;
};

} // namespace

bool areAlternatives(const Project& project, const std::vector<std::pair<const Module*, Node>>& calls) {
    for (size_t i = 0; i < calls.size(); ++i)
        for (size_t k = i + 1; k < calls.size(); ++k) {
            const auto& [module, one] = calls[i];
            const auto& [second, other] = calls[k];
            const bool programs = module != second && !module->enclosingFunction(one) && !second->enclosingFunction(other) &&
                                  !isImported(project, *module) && !isImported(project, *second);
            if (!programs && !(module == second && areInDifferentBranches(one, other))) return false;
        }
    return true;
}

bool makesOneObject(const Project& project, const Module& module, const Node& call) {
    return ObjectMaker(project).runsOnce(module, call, kCallers);
}

bool isSingleton(const Project& project, const Module& module, const std::string& className) {
    const Function* maker = module.function(className + ".__new__");
    if (!maker) return false;
    bool keeps = false;
    syntax::walk(maker->node.field("body"), [&](const Node& node) {
        const Node target = node.is("assignment") ? node.field("left") : Node();
        if (keeps || !target.is("attribute")) return !keeps;
        const std::string_view owner = target.field("object").text();
        const std::string written(target.text());
        keeps = (owner == "cls" || owner == className) && isGuarded(*maker, node, written) &&
                !isReset(project, module, target.field("attribute").text());
        return !keeps;
    });
    return keeps;
}

bool isMadeByItself(const Project& project, const Module& module, const std::string& className) {
    const ClassUses uses = usesOfFamily(project, module, className);
    return uses.made.size() == 1 && uses.made[0].second.field("function").text() == "cls" &&
           makesOneObject(project, *uses.made[0].first, uses.made[0].second);
}

bool makesApplication(const Module& module) {
    return std::any_of(std::begin(kMakers), std::end(kMakers),
                       [&](const char* maker) { return module.calls.count(maker) > 0; });
}

} // namespace covet::facts
