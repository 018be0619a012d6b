#include "facts/object_class.h"

#include "facts/class_uses.h"
#include "facts/class_values.h"
#include "facts/passed_values.h"
#include "facts/request_namespace.h"
#include "facts/reference_context.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

/// Names, attributes and calls that are followed from one to the next.
constexpr int kSteps = 6;
constexpr int kBases = 8;

std::string idOf(const Symbol& symbol) {
    return symbol.kind == Symbol::Kind::Class && symbol.module ? symbol.module->name + ":" + symbol.name : std::string();
}

/// The function in `Depends(function)`, `fastapi.Depends(function)`.
Node dependencyOf(const Node& call) {
    if (!call.is("call") || !endsWith(call.field("function").text(), "Depends")) return {};
    return call.field("arguments").namedChild(0);
}

/// What stands for a type: `User` in `Annotated[User, ...]`, `Optional[User]`, `User | None`; as an annotation, or as the
/// value of an alias.
Node plainType(const Node& type) {
    const std::string_view outer = type.is("subscript") ? type.field("value").text() : type.namedChild(0).text();
    const bool isWrapped = endsWith(outer, "Annotated") || endsWith(outer, "Optional");
    if (type.is("generic_type") && isWrapped) return type.namedChild(1).namedChild(0).namedChild(0);
    if (type.is("subscript") && isWrapped) return type.field("subscript");
    if ((type.is("binary_operator") || type.is("union_type")) && type.namedChildCount() == 2)
        for (uint32_t i = 0; i < 2; ++i)
            if (type.namedChild(i).text() == "None") return plainType(type.namedChild(1 - i));
    return type;
}

class ObjectReader {
public:
    explicit ObjectReader(const Project& project) : project_(project) {}

    std::string classOf(const Module& module, const Node& object, int steps) const {
        if (object.is("parenthesized_expression") || object.is("await")) return classOf(module, object.namedChild(0), steps);
        if (object.is("call")) {
            Node callee = object.field("function");
            if (callee.is("subscript")) callee = callee.field("value"); // `Repo[User]()`
            if (const std::string own = madeOfOwnClass(module, object); !own.empty()) return own;
            const Symbol symbol = called(module, callee, steps);
            if (symbol.kind != Symbol::Kind::Function) return idOf(symbol);
            const GivenValue given = returned(symbol);
            const Node passed = given.module ? passedClassOf(*symbol.module->function(symbol.name), given.value, object) : Node();
            if (passed) return idOf(project_.resolve(module, passed));
            return given.module && steps > 0 ? classOf(*given.module, given.value, steps - 1) : "";
        }
        if (!object.is("identifier") && !object.is("attribute")) return "";
        const Function* function = module.enclosingFunction(object);
        if (object.is("identifier") && function && isObjectItself(*function, object)) return module.name + ":" + function->className;
        if (object.is("identifier") && (object.text() == "self" || object.text() == "cls")) {
            for (; function; function = module.enclosingFunction(function->node))
                if (!function->className.empty()) return module.name + ":" + function->className;
            return "";
        }
        const Symbol& symbol = project_.resolve(module, object);
        if (symbol.kind == Symbol::Kind::Class) return idOf(symbol);
        if (symbol.kind == Symbol::Kind::Local && object.is("identifier"))
            if (const auto [home, type] = typeOfParameter(module, object); type) {
                const std::string known = idOf(project_.resolve(*home, plainType(type)));
                if (!known.empty()) return known;
            }
        if (steps == 0) return "";
        if (symbol.kind == Symbol::Kind::Local && object.is("identifier"))
            if (const std::string passed = classOfPassed(module, object, steps - 1); !passed.empty()) return passed;
        const GivenValue given = valueOf(module, object, steps);
        if (!given.module || given.value == object) return "";
        if (given.value.is("parameters")) return "";
        return classOf(*given.module, given.value, steps - 1);
    }

    GivenValue valueOf(const Module& module, const Node& expression, int steps) const {
        if (expression.is("call")) {
            const Symbol symbol = called(module, expression.field("function"), steps);
            return symbol.kind == Symbol::Kind::Function ? returned(symbol) : GivenValue{&module, expression};
        }
        if (!expression.is("identifier") && !expression.is("attribute")) return {};
        const Symbol& symbol = project_.resolve(module, expression);
        if (symbol.kind == Symbol::Kind::Variable && symbol.module) {
            const auto assigned = symbol.module->assignments.find(symbol.name);
            if (assigned != symbol.module->assignments.end()) return atModuleLevel(symbol, assigned->second.front());
        }
        if (expression.is("identifier")) return symbol.kind == Symbol::Kind::Local ? ofLocal(module, expression) : GivenValue();
        if (steps == 0) return {};
        if (isRequestNamespace(project_, module, expression.field("object"))) return keptForRequest(project_, expression.field("attribute").text());
        const std::string owner = classOf(module, expression.field("object"), steps - 1);
        return owner.empty() ? GivenValue() : ofAttribute(owner, std::string(expression.field("attribute").text()), kBases);
    }

private:
    /// What a call calls, also where it is a method: `Log.get()`, `self.services.users()`.
    Symbol called(const Module& module, const Node& callee, int steps) const {
        const Symbol& symbol = project_.resolve(module, callee);
        if (symbol.kind == Symbol::Kind::Variable && symbol.module && symbol.module->function(symbol.name))
            return {Symbol::Kind::Function, symbol.module, symbol.name};
        const bool isKnown = symbol.kind != Symbol::Kind::Unknown && symbol.kind != Symbol::Kind::Variable;
        if (isKnown || !callee.is("attribute") || steps == 0) return symbol;
        const std::string owner = classOf(module, callee.field("object"), steps - 1);
        const Function* method = owner.empty() ? nullptr : methodOfClass(project_, owner, std::string(callee.field("attribute").text()));
        const Module* home = method ? homeOf(owner, *method) : nullptr;
        return home ? Symbol{Symbol::Kind::Function, home, method->qualified} : symbol;
    }

    /// The module of a method that a class has from itself or from a base.
    const Module* homeOf(const std::string& classId, const Function& method) const {
        const Module* module = project_.module(classId.substr(0, classId.find(':')));
        if (module && module->function(method.qualified) == &method) return module;
        for (const auto& other : project_.modules())
            if (other->function(method.qualified) == &method) return other.get();
        return nullptr;
    }

    /// `cls()` and `super().__new__(cls)` in a method.
    static std::string madeOfOwnClass(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        const bool isNew = callee.field("attribute").text() == "__new__" && call.field("arguments").namedChild(0).text() == "cls";
        if (!isNew && callee.text() != "cls") return "";
        const Function* function = module.enclosingFunction(call);
        return function && !function->className.empty() ? module.name + ":" + function->className : "";
    }

    bool isClassOrOwnObject(const Module& module, const Node& object, const Module& home, const std::string& className) const {
        const Function* method = module.enclosingFunction(object);
        if (object.text() == "cls" || object.text() == "self") return &module == &home && method && method->className == className;
        const Symbol& symbol = project_.resolve(module, object);
        return symbol.kind == Symbol::Kind::Class && symbol.module == &home && symbol.name == className;
    }

    /// The one value that code gives to an attribute of a class that starts as None: `cls._instance = cls()` in a method,
    /// `Registry.instance = Registry()` anywhere.
    GivenValue givenLater(const Module& home, const std::string& className, const std::string& attribute) const {
        GivenValue found;
        bool differs = false;
        for (const auto& module : project_.modules()) {
            if (semantic::isTestModule(*module)) continue;
            for (const Node& name : module->tree->identifiers(attribute)) {
                const Node target = name.parent(), assignment = target.parent();
                const Node value = assignment.field("right");
                const bool gives = target.is("attribute") && target.field("attribute") == name && assignment.is("assignment") &&
                                   assignment.field("left") == target && !value.isNull() && !value.is("none");
                if (!gives || !isClassOrOwnObject(*module, target.field("object"), home, className)) continue;
                differs = differs || (found.module && found.value.text() != value.text());
                found = {module.get(), value};
            }
        }
        return differs ? GivenValue() : found;
    }

    /// `global repo; repo = Repo()` in a function, where the module starts with None.
    static GivenValue givenLater(const Symbol& symbol) {
        for (const Function& function : symbol.module->functions) {
            if (!function.globals.count(symbol.name)) continue;
            GivenValue found;
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                if (!found.module && node.is("assignment") && node.field("left").text() == symbol.name && node.field("right").is("call"))
                    found = {symbol.module, node.field("right")};
                return !found.module;
            });
            if (found.module) return found;
        }
        return {};
    }

    /// `a = b = Repo()`, `users, orders = Repo(), Repo()`.
    static GivenValue atModuleLevel(const Symbol& symbol, const Node& statement) {
        Node assignment = statement.namedChild(0);
        Node value = assignment.field("right");
        while (value.is("assignment")) value = value.field("right");
        if (value.is("none")) return givenLater(symbol);
        const Node targets = assignment.field("left");
        if ((targets.is("pattern_list") || targets.is("tuple_pattern")) && (value.is("expression_list") || value.is("tuple")))
            for (uint32_t i = 0; i < targets.namedChildCount() && i < value.namedChildCount(); ++i)
                if (targets.namedChild(i).text() == symbol.name) return {symbol.module, value.namedChild(i)};
        return value.isNull() ? GivenValue() : GivenValue{symbol.module, value};
    }

    const Function* scopeOf(const Module& module, const Node& name) const {
        const Function* function = module.enclosingFunction(name);
        while (function && !function->locals.count(std::string(name.text()))) function = module.enclosingFunction(function->node);
        return function;
    }

    static Node parameterNamed(const Function& function, std::string_view name) {
        for (const Node& parameter : function.node.field("parameters").namedChildren())
            if (semantic::parameterName(parameter) == name) return parameter;
        return {};
    }

    /// The first parameter of a method, whatever it is called.
    static bool isObjectItself(const Function& function, const Node& name) {
        if (function.className.empty()) return false;
        const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        for (const Node& decorator : function.decorated.namedChildren())
            if (decorator.is("decorator") && decorator.namedChild(0).text() == "staticmethod") return false;
        return !parameters.empty() && semantic::parameterName(parameters[0]) == name.text();
    }

    /// The class of what all calls of a plain function give to a parameter of it.
    std::string classOfPassed(const Module& module, const Node& name, int steps) const {
        const Function* function = scopeOf(module, name);
        const Node parameter = function ? parameterNamed(*function, name.text()) : Node();
        if (!parameter.is("identifier") || steps == 0 || function->isNested || !(function->decorated == function->node)) return "";
        if (!function->className.empty()) return function->name == "__init__" ? classGivenToObjects(module, *function, name, steps) : "";
        std::string same;
        for (const PassedValue& passed : valuesPassedTo(project_, module, *function, std::string(name.text()))) {
            if (semantic::isTestModule(*passed.module)) continue;
            const std::string given = classOf(*passed.module, passed.value, steps / 2);
            if (given.empty() || (!same.empty() && given != same)) return "";
            same = given;
        }
        return same;
    }

    /// The class of what all calls of a class give to a parameter of its `__init__`.
    std::string classGivenToObjects(const Module& home, const Function& init, const Node& name, int steps) const {
        const std::string_view className = std::string_view(init.className).substr(init.className.rfind('.') + 1);
        std::vector<std::pair<const Module*, Node>> made;
        for (const auto& module : project_.modules()) {
            const auto calls = module->calls.find(className);
            if (calls == module->calls.end() || semantic::isTestModule(*module)) continue;
            for (const Node& call : calls->second)
                if (idOf(project_.resolve(*module, call.field("function"))) == home.name + ":" + init.className) made.emplace_back(module.get(), call);
        }
        if (made.empty()) made = usesOfClass(project_, home, init.className).made;
        std::string same;
        for (const auto& [module, call] : made)
            for (const Node& argument : call.field("arguments").namedChildren()) {
                if (parameterFor(init, argument, true) != name.text()) continue;
                const Node value = argument.is("keyword_argument") ? argument.field("value") : argument;
                const std::string given = classOf(*module, value, steps / 2);
                if (given.empty() || (!same.empty() && given != same)) return "";
                same = given;
            }
        return same;
    }

    /// The annotation of a parameter, or what it names: `Shop = Annotated[Service, Depends(get_service)]`.
    std::pair<const Module*, Node> typeOfParameter(const Module& module, const Node& name) const {
        const Function* function = scopeOf(module, name);
        const Node parameter = function ? parameterNamed(*function, name.text()) : Node();
        const Node type = parameter.field("type").namedChild(0);
        if (!type.is("identifier") && !type.is("attribute")) return {&module, type};
        const Symbol& symbol = project_.resolve(module, type);
        if (symbol.kind != Symbol::Kind::Variable || !symbol.module) return {&module, type};
        const auto assigned = symbol.module->assignments.find(symbol.name);
        if (assigned == symbol.module->assignments.end() || assigned->second.size() != 1) return {&module, type};
        const Node value = assigned->second.front().namedChild(0).field("right");
        return value.is("subscript") || value.is("binary_operator") ? std::pair{symbol.module, value} : std::pair{&module, type};
    }

    GivenValue ofLocal(const Module& module, const Node& name) const {
        const Function* function = scopeOf(module, name);
        if (!function) return {};
        if (const Node parameter = parameterNamed(*function, name.text())) {
            Node depends = dependencyOf(parameter.field("value"));
            const Module* home = &module;
            if (depends.isNull()) {
                const auto [where, type] = typeOfParameter(module, name);
                home = where;
                if (type)
                    syntax::walk(type, [&](const Node& node) {
                        if (depends.isNull() && node.is("call")) depends = dependencyOf(node);
                        return depends.isNull();
                    });
            }
            if (depends.is("lambda")) return {home, depends.field("body")};
            return depends ? returned(project_.resolve(*home, depends)) : GivenValue();
        }
        GivenValue found;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (!found.module && node.is("assignment") && node.field("left").text() == name.text() && node.field("right"))
                found = {&module, node.field("right")};
            return !found.module;
        });
        return found;
    }

    /// The one expression that a function returns or yields.
    GivenValue returned(const Symbol& symbol) const {
        if (symbol.kind != Symbol::Kind::Function || !symbol.module) return {};
        const Function* function = symbol.module->function(symbol.name);
        if (!function) return {};
        Node only;
        bool more = false;
        syntax::walk(function->node.field("body"), [&](const Node& node) {
            if (node.is("function_definition") || node.is("lambda")) return false;
            if (!node.is("return_statement") && !node.is("yield")) return true;
            const Node value = node.namedChild(0);
            if (value.isNull() || value.is("none")) return true;
            more = more || (only && only.text() != value.text());
            only = value;
            return true;
        });
        return only && !more ? GivenValue{symbol.module, only} : GivenValue();
    }

    GivenValue ofAttribute(const std::string& classId, const std::string& attribute, int bases) const {
        const size_t colon = classId.find(':');
        const Module* module = project_.module(classId.substr(0, colon));
        const std::string name = classId.substr(colon + 1);
        const semantic::Class* owner = module ? module->classNamed(name) : nullptr;
        if (!owner || bases == 0) return {};
        GivenValue found;
        auto take = [&](const Node& value) {
            if (!found.module && value) found = {module, value};
        };
        if (const Function* init = module->function(name + ".__init__"))
            syntax::walk(init->node.field("body"), [&](const Node& node) {
                if (node.is("assignment") && node.field("left").text() == "self." + attribute) take(node.field("right"));
                return !found.module;
            });
        for (const Node& statement : owner->node.field("body").namedChildren()) {
            const Node assignment = statement.is("expression_statement") ? statement.namedChild(0) : Node();
            if (assignment.is("assignment") && assignment.field("left").text() == attribute) take(madeByField(assignment.field("right")));
        }
        if (found.module && found.value.is("none")) return givenLater(*module, name, attribute);
        if (found.module) return found;
        for (const std::string& base : owner->bases) {
            const Symbol symbol = project_.resolveGlobal(*module, base.substr(0, base.find('[')));
            if (symbol.kind != Symbol::Kind::Class || idOf(symbol) == classId) continue;
            found = ofAttribute(idOf(symbol), attribute, bases - 1);
            if (found.module) return found;
        }
        return found;
    }

    /// `field(default_factory=Tables)` makes what a call of the factory makes.
    static Node madeByField(const Node& value) {
        for (const Node& argument : value.is("call") ? value.field("arguments").namedChildren() : std::vector<Node>())
            if (argument.is("keyword_argument") && argument.field("name").text() == "default_factory") {
                const Node factory = argument.field("value");
                return factory.is("lambda") ? factory.field("body") : factory;
            }
        return value;
    }

    const Project& project_;
};

} // namespace

std::string ownerClass(const Project& project, const Module& module, const Node& object) {
    return ObjectReader(project).classOf(module, object, kSteps);
}

GivenValue givenValue(const Project& project, const Module& module, const Node& expression) {
    return ObjectReader(project).valueOf(module, expression, kSteps);
}

const semantic::Function* methodOfClass(const Project& project, const std::string& classId, const std::string& name) {
    const size_t colon = classId.find(':');
    if (colon == std::string::npos) return nullptr;
    const Module* module = project.module(classId.substr(0, colon));
    std::string className = classId.substr(colon + 1);
    for (int depth = 0; module && depth < kBases; ++depth) {
        if (const semantic::Function* found = module->function(className + "." + name)) return found;
        const semantic::Class* owner = module->classNamed(className);
        if (!owner || owner->bases.empty()) return nullptr;
        const semantic::Symbol base = project.resolveGlobal(*module, owner->bases[0]);
        if (base.kind != semantic::Symbol::Kind::Class) return nullptr;
        module = base.module;
        className = base.name;
    }
    return nullptr;
}

} // namespace covet::facts
