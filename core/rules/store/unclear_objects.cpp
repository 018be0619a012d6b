#include "rules/store/unclear_objects.h"

#include <algorithm>

#include "facts/class_uses.h"
#include "facts/object_class.h"
#include "facts/passed_values.h"
#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace {

using facts::FoundStore;
using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;

/// Names, attributes and elements that are followed from one to the next; what goes on after that is unclear.
constexpr int kSteps = 8;
/// So many expressions are looked at for one store: names that are given to each other in circles branch at each step.
constexpr int kExpressions = 2000;

bool derives(const Project& project, const std::string& classId, const std::string& baseId) {
    const Module* home = project.module(classId.substr(0, classId.find(':')));
    return classId == baseId || (home && facts::derivesFrom(project, *home, classId.substr(classId.find(':') + 1), baseId));
}

/// The place of an attribute in code: `x` of `object.x`, where it is no call.
Node attributeAt(const Node& name) {
    const Node attribute = name.parent();
    if (!attribute.is("attribute") || attribute.field("attribute") != name) return {};
    return attribute.parent().is("call") && attribute.parent().field("function") == attribute ? Node() : attribute;
}

/// Whether an expression may give an object of one class of the project.
class ObjectGuess {
public:
    ObjectGuess(const Project& project, const std::string& classId) : project_(project), classId_(classId) {}

    /// `within`: of a container that the expression gives.
    bool mayGive(const Module& module, const Node& expression, int steps, bool within = false) const {
        if (expression.isNull()) return false;
        if (steps == 0 || --left_ < 0) return true;
        if (expression.is("parenthesized_expression") || expression.is("await") || expression.is("list_splat"))
            return mayGive(module, expression.namedChild(0), steps, within);
        if (expression.is("conditional_expression") || expression.is("boolean_operator")) return anyPart(module, expression, steps, within);
        if (expression.is("subscript")) return mayGive(module, expression.field("value"), steps - 1, true);
        if (expression.is("dictionary") || expression.is("list") || expression.is("tuple") || expression.is("set") ||
            expression.is("expression_list") || expression.is("list_comprehension") || expression.is("dictionary_comprehension"))
            return within && (!isAskedAtOnce(expression) || anyPart(module, expression, steps, false));
        if (!expression.is("call") && !expression.is("identifier") && !expression.is("attribute")) return false;
        if (const std::string owner = facts::ownerClass(project_, module, expression); !owner.empty())
            return within || derives(project_, classId_, owner) || derives(project_, owner, classId_);
        if (expression.is("call")) return ofCall(module, expression, steps, within);
        return expression.is("attribute") ? ofAttribute(module, expression, steps, within) : ofName(module, expression, steps, within);
    }

private:
    /// `for one in (request, response)`: nothing else gets into it.
    static bool isAskedAtOnce(const Node& display) {
        const Node parent = display.parent();
        const bool isLoop = parent.is("for_statement") || parent.is("for_in_clause");
        return (isLoop && parent.field("right") == display) || (parent.is("subscript") && parent.field("value") == display);
    }

    bool anyPart(const Module& module, const Node& expression, int steps, bool within) const {
        const std::vector<Node> parts = expression.namedChildren();
        return std::any_of(parts.begin(), parts.end(), [&](const Node& part) {
            return mayGive(module, part.is("keyword_argument") ? part.field("value") : part, steps - 1, within);
        });
    }

    /// What a type says about the object; `Any` and `object` say nothing.
    bool allows(const Module& module, const Node& type, bool within) const {
        const std::string_view name = type.text();
        if (type.is("string") || endsWith(name, "Any") || name == "object") return true;
        if (within || type.is("generic_type") || type.is("subscript")) {
            bool known = false;
            syntax::walk(type, [&](const Node& node) {
                if (node.is("identifier")) known = known || project_.resolve(module, node).kind == Symbol::Kind::Class || node.text() == "Any";
                return !known;
            });
            return known || (within && (name == "dict" || name == "list" || name == "tuple"));
        }
        const Symbol& symbol = project_.resolve(module, type);
        return symbol.kind == Symbol::Kind::Variable || symbol.kind == Symbol::Kind::Local;
    }

    bool ofCall(const Module& module, const Node& call, int steps, bool within) const {
        const Node callee = call.field("function");
        const Symbol& symbol = project_.resolve(module, callee);
        if (symbol.kind == Symbol::Kind::Function && symbol.module) {
            const Function* function = symbol.module->function(symbol.name);
            const Node type = function ? function->node.field("return_type").namedChild(0) : Node();
            return type.isNull() || allows(*symbol.module, type, within);
        }
        if (symbol.kind == Symbol::Kind::External || symbol.kind == Symbol::Kind::Module) return false;
        if (callee.is("attribute")) return mayGive(module, callee.field("object"), steps - 1, true); // `services.get("files")`
        static constexpr Words kHandingOn = {"getattr", "next", "vars", "iter", "list", "tuple", "sorted", "reversed", "enumerate", "zip", "dict"};
        if (symbol.kind != Symbol::Kind::Unknown || !kHandingOn.count(callee.text())) return symbol.kind == Symbol::Kind::Local && !isGivenByFramework(module, callee);
        return callee.text() == "getattr" ? ofDynamicAttribute(module, call, steps, within)
                                          : anyPart(module, call.field("arguments"), steps, true);
    }

    /// `call_next` of a middleware.
    static bool isGivenByFramework(const Module& module, const Node& name) {
        const Function* scope = module.enclosingFunction(name);
        if (!scope || scope->decorated == scope->node) return false;
        const std::vector<Node> parameters = scope->node.field("parameters").namedChildren();
        return std::any_of(parameters.begin(), parameters.end(), [&](const Node& one) { return semantic::parameterName(one) == name.text(); });
    }

    /// `getattr(state, "repo")`, and by a name that only running code knows.
    bool ofDynamicAttribute(const Module& module, const Node& call, int steps, bool within) const {
        const Node name = call.field("arguments").namedChild(1);
        const bool isConstant = name.is("string") && name.namedChildCount() > 1;
        return isConstant ? isGiven(name.namedChild(1).text(), steps, within) : mayGive(module, call.field("arguments").namedChild(0), steps - 1, true);
    }

    bool ofAttribute(const Module& module, const Node& attribute, int steps, bool within) const {
        const Symbol& symbol = project_.resolve(module, attribute);
        if (symbol.kind == Symbol::Kind::Variable && symbol.module) return ofVariable(symbol, steps, within);
        return isGiven(attribute.field("attribute").text(), steps, within);
    }

    /// Whether code of the project gives attributes of this name what may be such an object.
    bool isGiven(std::string_view name, int steps, bool within) const {
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Node& use : module->tree->identifiers(name)) {
                const Node target = use.parent().is("attribute") && use.parent().field("attribute") == use ? use.parent() : use;
                const Node assignment = target.parent();
                const bool ofClass = target == use && assignment.parent().parent().parent().is("class_definition");
                if (assignment.is("assignment") && assignment.field("left") == target && (ofClass || target != use) &&
                    mayGive(*module, assignment.field("right"), steps - 1, within))
                    return true;
                if (use.parent().is("function_definition") && use.parent().field("name") == use && !module->enclosingFunction(use.parent()) &&
                    use.parent().parent().is("decorated_definition") && use.parent().ancestor({"class_definition"})) {
                    const Node type = use.parent().field("return_type").namedChild(0);
                    if (type.isNull() || allows(*module, type, within)) return true; // a property
                }
            }
            const auto sets = module->calls.find("setattr");
            if (sets == module->calls.end()) continue;
            for (const Node& call : sets->second) {
                const Node given = call.field("arguments").namedChild(1);
                if ((!given.is("string") || given.namedChild(1).text() == name) && mayGive(*module, call.field("arguments").namedChild(2), steps - 1, within))
                    return true;
            }
        }
        return false;
    }

    bool ofVariable(const Symbol& symbol, int steps, bool within) const {
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end()) return false;
        bool may = std::any_of(assigned->second.begin(), assigned->second.end(), [&](const Node& statement) {
            return mayGive(*symbol.module, statement.namedChild(0).field("right"), steps - 1, within);
        });
        for (const Function& function : symbol.module->functions)
            may = may || (function.globals.count(symbol.name) && anyGiven(*symbol.module, function, symbol.name, steps, within));
        return may;
    }

    bool ofName(const Module& module, const Node& name, int steps, bool within) const {
        if (const Node binding = comprehensionOf(name)) return mayGive(module, binding, steps - 1, true);
        const Symbol& symbol = project_.resolve(module, name);
        if (symbol.kind == Symbol::Kind::Variable && symbol.module) return ofVariable(symbol, steps, within);
        if (symbol.kind != Symbol::Kind::Local) return false;
        const Function* scope = module.enclosingFunction(name);
        while (scope && !scope->locals.count(std::string(name.text()))) scope = module.enclosingFunction(scope->node);
        if (!scope) return false;
        for (const Node& parameter : scope->node.field("parameters").namedChildren())
            if (semantic::parameterName(parameter) == name.text()) return ofParameter(module, *scope, parameter, steps, within);
        return anyGiven(module, *scope, name.text(), steps, within);
    }

    /// What the comprehension around a name that it binds goes through.
    static Node comprehensionOf(const Node& name) {
        for (Node around = name.parent(); around && !around.is("function_definition"); around = around.parent())
            for (const Node& part : around.namedChildren())
                if (part.is("for_in_clause") && semantic::bindsTarget(part.field("left"), name.text()) && !part.field("right").contains(name))
                    return part.field("right");
        return {};
    }

    /// What is given to a handler comes from the framework; other code gives what it likes.
    bool ofParameter(const Module& module, const Function& function, const Node& parameter, int steps, bool within) const {
        if (const Node type = parameter.field("type").namedChild(0)) return allows(module, type, within);
        const bool isDecorated = function.decorated != function.node;
        if (isDecorated || !parameter.is("identifier") || endsWith(parameter.text(), "request") || parameter.text() == "req") return false;
        const bool isPlain = !function.isNested && function.className.empty();
        return !isPlain || !isOnlyCalled(module, function) || anyPassed(module, function, std::string(parameter.text()), steps, within);
    }

    /// Whether the project does nothing with a function but call it.
    bool isOnlyCalled(const Module& home, const Function& function) const {
        for (const auto& module : project_.modules())
            for (const Node& name : module->tree->identifiers(function.name)) {
                if (semantic::isTestModule(*module) || name == function.node.field("name") || name.ancestor({"import_from_statement", "import_statement"})) continue;
                const Node named = name.parent().is("attribute") && name.parent().field("attribute") == name ? name.parent() : name;
                const Symbol& symbol = project_.resolve(*module, named);
                if (symbol.module != &home || symbol.name != function.qualified) continue;
                const Node call = named.parent();
                if (!call.is("call") || !(call.field("function") == named)) return false;
                for (const Node& argument : call.field("arguments").namedChildren())
                    if (argument.is("list_splat") || argument.is("dictionary_splat")) return false;
            }
        return true;
    }

    bool anyPassed(const Module& home, const Function& function, const std::string& parameter, int steps, bool within) const {
        const std::vector<facts::PassedValue> passed = facts::valuesPassedTo(project_, home, function, parameter);
        return std::any_of(passed.begin(), passed.end(), [&](const facts::PassedValue& one) {
            return !semantic::isTestModule(*one.module) && mayGive(*one.module, one.value, steps - 1, within);
        });
    }

    bool anyGiven(const Module& module, const Function& function, std::string_view name, int steps, bool within) const {
        bool may = false;
        syntax::walk(function.node.field("body"), [&](const Node& node) {
            const bool isAssignment = node.is("assignment") && node.field("right");
            if ((isAssignment || node.is("for_statement")) && semantic::bindsTarget(node.field("left"), name)) {
                const bool whole = isAssignment && node.field("left").is("identifier");
                may = may || mayGive(module, node.field("right"), steps - 1, !whole || within);
            }
            if (node.is("named_expression") && node.field("name").text() == name) may = may || mayGive(module, node.field("value"), steps - 1, within);
            return !may;
        });
        return may;
    }

    const Project& project_;
    const std::string& classId_;
    mutable int left_ = kExpressions;
};

/// Whether anything but the family of a class has attributes, fields or methods of this name.
bool isNameOfOthers(const Project& project, const std::string& name, const std::string& classId) {
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const char* maker : {"namedtuple", "SimpleNamespace", "Namespace", "add_argument", "type", "make_dataclass", "create_model"}) {
            const auto calls = module->calls.find(maker);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second)
                if (call.text().find(name) != std::string_view::npos) return true;
        }
        for (const Node& use : module->tree->identifiers(name)) {
            const Node parent = use.parent(), owner = use.ancestor({"class_definition"});
            const bool ofSelf = parent.is("attribute") && parent.field("object").text() == "self" && parent.parent().is("assignment") && parent.parent().field("left") == parent;
            const bool ofBody = parent.is("assignment") && parent.field("left") == use && !module->enclosingFunction(use);
            const bool isMethod = parent.is("function_definition") && parent.field("name") == use;
            if (!owner || (!ofSelf && !ofBody && !isMethod)) continue;
            const std::string other = module->name + ":" + std::string(owner.field("name").text());
            if (!derives(project, other, classId) && !derives(project, classId, other)) return true;
        }
    }
    return false;
}

/// Where an attribute that is a store in objects of a class is used on an object whose class does not show.
Obstacle unclearUse(const Project& project, const std::string& classId, const std::string& variable, const std::vector<const FoundStore*>& stores) {
    if (isNameOfOthers(project, variable, classId)) return {};
    auto isKnown = [&](const Node& attribute) {
        return std::any_of(stores.begin(), stores.end(), [&](const FoundStore* other) {
            auto isIt = [&](const facts::StoreReference& reference) { return reference.node == attribute; };
            return (other->definition.tree() == attribute.tree() && other->definition.contains(attribute)) ||
                   (other->classStatement.tree() == attribute.tree() && other->classStatement.contains(attribute)) ||
                   std::any_of(other->references.begin(), other->references.end(), isIt) ||
                   std::any_of(other->buildReferences.begin(), other->buildReferences.end(), [&](const Node& node) { return node == attribute; });
        });
    };
    const ObjectGuess guess(project, classId);
    for (const auto& module : project.modules()) {
        if (semantic::isTestModule(*module)) continue;
        for (const Node& name : module->tree->identifiers(variable)) {
            const Node attribute = attributeAt(name);
            if (!attribute || isKnown(attribute) || project.resolve(*module, attribute).kind == Symbol::Kind::Variable) continue;
            if (!facts::ownerClass(project, *module, attribute.field("object")).empty() || !guess.mayGive(*module, attribute.field("object"), kSteps)) continue;
            return {"unclear-object",
                    "`" + std::string(attribute.field("object").text()) + "` may be a " + classId.substr(classId.find(':') + 1) +
                        ": name that object where its data is used, or write its class at the parameter or function that gives it",
                    module.get(), facts::statementOf(attribute)};
        }
    }
    return {};
}

/// Whether a store has objects of a class among its elements: `services = {"files": file_service}`.
bool holdsObjectsOf(const Project& project, const FoundStore& holder, const std::string& classId) {
    auto isObject = [&](const Module& module, const Node& value) {
        bool is = false;
        syntax::walk(value, [&](const Node& node) {
            if (node.is("identifier") || node.is("call")) is = is || facts::ownerClass(project, module, node) == classId;
            return !is && !node.is("attribute") && !node.is("function_definition");
        });
        return is;
    };
    return (!holder.initialValue.is("call") && isObject(*holder.module, holder.initialValue)) ||
           std::any_of(holder.references.begin(), holder.references.end(), [&](const facts::StoreReference& reference) {
               const Node value = facts::contextOf(reference.node).value;
               return value.isOneOf({"identifier", "call"}) && facts::ownerClass(project, *reference.module, value) == classId;
           });
}

} // namespace

void unclearObjectObstacles(const Project& project, const std::vector<const FoundStore*>& stores, Obstacles& found) {
    for (const FoundStore* store : stores) {
        auto lookAt = [&](const std::string& classId, const std::string& variable) {
            const Obstacle unclear = unclearUse(project, classId, variable, stores);
            if (unclear.reason.empty()) return;
            found.emplace(store, unclear);
            for (const FoundStore* holder : stores)
                if (holder != store && holdsObjectsOf(project, *holder, classId)) found.emplace(holder, unclear);
        };
        for (const FoundStore::Keeper& keeper : store->keepers) lookAt(keeper.classId, keeper.attribute);
        // Objects of a class that has the store itself have another of that name.
        if (store->owner == facts::Owner::Class && !store->isOfClassAlone) lookAt(store->made.isNull() ? store->classId : store->madeClass, store->variable);
    }
}

} // namespace covet::rules
