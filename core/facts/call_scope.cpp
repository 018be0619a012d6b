#include "facts/call_scope.h"

#include <algorithm>

#include "facts/class_uses.h"
#include "facts/object_place.h"
#include "facts/passed_values.h"
#include "facts/reference_context.h"
#include "semantic/test_modules.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::facts {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;
using syntax::Node;

bool isRouteDecorator(const Node& decorator) {
    const Node call = decorator.namedChild(0);
    return call.is("call") && call.field("function").is("attribute");
}

bool hasDecorator(const Function& function, std::string_view name) {
    for (const Node& decorator : function.decorated.namedChildren())
        if (decorator.is("decorator") && decorator.namedChild(0).text() == name) return true;
    return false;
}

/// Functions of the project that are methods called `name`.
std::vector<std::pair<const Module*, const Function*>> methodsNamed(const Project& project, std::string_view name) {
    std::vector<std::pair<const Module*, const Function*>> found;
    for (const auto& module : project.modules())
        for (const Function& function : module->functions)
            if (!function.className.empty() && function.name == name) found.emplace_back(module.get(), &function);
    return found;
}

/// Whether a method gives the object itself back, as fluent interfaces do.
bool returnsItself(const Function& method) {
    bool itself = false;
    syntax::walk(method.node.field("body"), [&](const Node& node) {
        itself = itself || (node.is("return_statement") && node.namedChild(0).text() == "self");
        return !itself;
    });
    return itself;
}

/// `torch.utils.data.DataLoader`: what it is given lives with its object, unless it runs on its own.
bool isLibraryClass(std::string_view dotted) {
    static constexpr Words kRunning = {"Thread", "Timer", "Process", "BackgroundScheduler", "Celery"};
    const std::string_view name = dotted.substr(dotted.rfind('.') + 1);
    return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' && !kRunning.count(name);
}

/// Around the value, without doing anything with it but handing it on.
bool handsOn(const Node& parent) {
    return parent.isOneOf({"parenthesized_expression", "await", "boolean_operator", "conditional_expression", "pair",
                           "dictionary", "list", "tuple", "set", "list_comprehension", "set_comprehension",
                           "dictionary_comprehension", "generator_expression"});
}

/// Where a value is looked at and no more.
bool looksAt(const Node& parent) {
    return parent.isOneOf({"expression_statement", "comparison_operator", "not_operator", "if_statement", "while_statement",
                           "interpolation", "for_statement", "for_in_clause", "assert_statement", "raise_statement",
                           "delete_statement", "if_clause", "list_splat", "dictionary_splat", "elif_clause"});
}

} // namespace

bool CallScope::endsWithCall(const Module& module, const Node& value) {
    if (!seen_.insert(value.id()).second) return true;
    const Function* function = module.enclosingFunction(value);
    if (seen_.size() > kSteps || !function) return false;
    const Node parent = value.parent();
    if (looksAt(parent)) return true;
    if (parent.is("attribute")) return endsInAttribute(module, parent);
    if (parent.is("subscript")) return parent.field("value") == value;
    if (handsOn(parent) || parent.is("with_item")) return endsWithCall(module, parent);
    if (parent.is("with_clause")) return true;
    if (parent.is("as_pattern")) {
        const Node target = parent.field("alias").namedChild(0);
        return target.is("identifier") && endsInTarget(module, target) && endsWithCall(module, parent);
    }
    if (parent.is("argument_list")) return endsInCall(module, value, parent.parent());
    if (parent.is("keyword_argument"))
        return parent.parent().is("argument_list") && endsInCall(module, parent, parent.parent().parent());
    if (parent.is("assignment")) return endsInTarget(module, parent.field("left"));
    return (parent.is("return_statement") || parent.is("yield")) && resultsEnd(module, *function);
}

/// `report.add(...)` gives another object, unless the method returns its own; `report.add` alone keeps it.
bool CallScope::endsInAttribute(const Module& module, const Node& attribute) {
    const auto methods = methodsNamed(project_, attribute.field("attribute").text());
    const Node call = attribute.parent();
    if (!(call.is("call") && call.field("function") == attribute)) {
        return std::all_of(methods.begin(), methods.end(),
                           [](const auto& method) { return hasDecorator(*method.second, "property"); });
    }
    const bool fluent = std::any_of(methods.begin(), methods.end(),
                                    [](const auto& method) { return returnsItself(*method.second); });
    return !fluent || endsWithCall(module, call);
}

bool CallScope::endsInCall(const Module& module, const Node& argument, const Node& call) {
    const Node callee = call.field("function");
    // An element of a container, which is the store then.
    if (callee.is("attribute") && isMutatingMethod(callee.field("attribute").text())) return true;
    static constexpr Words kReaders = {
        "print", "len",     "str", "repr", "isinstance", "vars",    "dict",   "jsonify", "list", "getattr", "hasattr",
        "setattr", "id",    "type", "bool", "sorted",    "sum",     "any",    "all",     "asdict", "deepcopy",
        "copy.deepcopy",    "json.dumps", "dataclasses.asdict", "enumerate", "zip", "iter", "next", "int", "float",
        "max",   "min"};
    static constexpr Words kWriters = {"debug", "info", "warning", "error", "exception", "critical", "log",
                                       "format", "join", "render_template", "pformat", "pprint"};
    if (kReaders.count(callee.text()) || (callee.is("attribute") && kWriters.count(callee.field("attribute").text())))
        return true;
    const Symbol& symbol = project_.resolve(module, callee);
    if (symbol.kind == Symbol::Kind::Class) return endsWithCall(module, call);
    if (symbol.kind == Symbol::Kind::Function) {
        const Function* function = symbol.module->function(symbol.name);
        if (!function) return false;
        const std::string name = parameterFor(*function, argument, false);
        return !name.empty() && function->locals.count(name) && endsInNames(*symbol.module, *function, name, Node());
    }
    if (callee.is("attribute") && symbol.kind != Symbol::Kind::External) {
        const auto methods = methodsNamed(project_, callee.field("attribute").text());
        return !methods.empty() && std::all_of(methods.begin(), methods.end(), [&](const auto& method) {
            const std::string name = parameterFor(*method.second, argument, !hasDecorator(*method.second, "staticmethod"));
            return !name.empty() && method.second->locals.count(name) &&
                   endsInNames(*method.first, *method.second, name, Node());
        });
    }
    return symbol.kind == Symbol::Kind::External && isLibraryClass(symbol.name) && endsWithCall(module, call);
}

bool CallScope::endsInTarget(const Module& module, const Node& target) {
    const Function* function = module.enclosingFunction(target);
    if (target.is("subscript")) return !isApplicationEntry(target); // an element of a container
    if (target.is("attribute"))
        return target.field("object").text() == "self" && function && !function->className.empty() &&
               objectsEnd(module, function->className);
    const std::string name(target.text());
    return target.is("identifier") && function && function->locals.count(name) &&
           endsInNames(module, *function, name, target);
}

bool CallScope::endsInNames(const Module& module, const Function& function, const std::string& name, const Node& except) {
    bool ends = true;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!ends || !node.is("identifier") || node.text() != name || node == except) return ends;
        const Node parent = node.parent();
        const bool isName = (parent.is("attribute") && parent.field("attribute") == node) ||
                            (parent.is("keyword_argument") && parent.field("name") == node) ||
                            (parent.is("assignment") && parent.field("left") == node);
        // A function defined inside may run whenever it likes: it is a handler, perhaps.
        ends = isName || (module.enclosingFunction(node) == &function && !node.ancestor({"lambda"}) && endsWithCall(module, node));
        return ends;
    });
    return ends;
}

bool CallScope::isMadePerRequest(const Module& module, const std::string& className, int depth) const {
    static constexpr Words kViews = {
        "MethodView", "View",           "Resource",     "BaseHTTPRequestHandler", "SimpleHTTPRequestHandler",
        "HTTPEndpoint", "RequestHandler", "HTTPMethodView"};
    const semantic::Class* owner = module.classNamed(className);
    return owner && depth < kBases && std::any_of(owner->bases.begin(), owner->bases.end(), [&](const std::string& base) {
        const Symbol symbol = project_.resolveGlobal(module, base);
        if (symbol.kind != Symbol::Kind::Class) return kViews.count(std::string_view(base).substr(base.rfind('.') + 1)) > 0;
        return isMadePerRequest(*symbol.module, symbol.name, depth + 1);
    });
}

bool CallScope::objectsEnd(const Module& module, const std::string& className) {
    if (isMadePerRequest(module, className)) return true;
    const ClassUses uses = usesOfFamily(project_, module, className);
    if (uses.asValue) return false;
    return std::all_of(uses.made.begin(), uses.made.end(),
                       [&](const auto& made) { return endsWithCall(*made.first, made.second); });
}

/// Whether what a function returns ends with the request that ran it.
bool CallScope::resultsEnd(const Module& module, const Function& function) {
    if (!function.className.empty()) return methodResultsEnd(module, function);
    bool isRoute = false;
    for (const Node& decorator : function.decorated.namedChildren()) {
        if (!decorator.is("decorator")) continue;
        if (!isRouteDecorator(decorator)) return false;
        isRoute = true;
    }
    return isRoute || (!function.isNested && functionResultsEnd(module, function));
}

bool CallScope::functionResultsEnd(const Module& module, const Function& function) {
    for (const auto& other : project_.modules()) {
        if (semantic::isTestModule(*other)) continue;
        for (const Node& name : other->tree->identifiers(function.name)) {
            const bool isMember = name.parent().is("attribute") && name.parent().field("attribute") == name;
            const Node named = isMember ? name.parent() : name;
            if (name == function.node.field("name") || name.ancestor({"import_from_statement"})) continue;
            const Symbol& symbol = project_.resolve(*other, named);
            if (symbol.kind != Symbol::Kind::Function || symbol.module != &module || symbol.name != function.name) continue;
            const Node use = named.parent();
            const bool called = use.is("call") && use.field("function") == named;
            const bool depends = use.is("argument_list") && endsWith(use.parent().field("function").text(), "Depends");
            if (!depends && !(called && endsWithCall(*other, use))) return false;
        }
    }
    return true;
}

/// By its name alone: every call of a method that is called so.
bool CallScope::methodResultsEnd(const Module& module, const Function& method) {
    if (isMadePerRequest(module, method.className)) return true;
    if (startsWith(method.name, "__")) return false;
    const bool isProperty = hasDecorator(method, "property");
    for (const Node& decorator : method.decorated.namedChildren())
        if (decorator.is("decorator") && !isProperty && decorator.namedChild(0).text() != "classmethod" &&
            decorator.namedChild(0).text() != "staticmethod")
            return false;
    for (const auto& other : project_.modules()) {
        if (semantic::isTestModule(*other)) continue;
        for (const Node& name : other->tree->identifiers(method.name)) {
            const Node attribute = name.parent();
            if (!attribute.is("attribute") || !(attribute.field("attribute") == name)) continue;
            const Node use = attribute.parent();
            const bool called = use.is("call") && use.field("function") == attribute;
            if (isProperty ? !endsWithCall(*other, attribute) : !called || !endsWithCall(*other, use)) return false;
        }
    }
    return true;
}

} // namespace covet::facts
