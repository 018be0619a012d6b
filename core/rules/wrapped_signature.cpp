#include "rules/wrapped_signature.h"

#include "rules/signature_edits.h"
#include "support/strings.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Project;
using semantic::Symbol;

/// Name of a function's first parameter, past `self`; "" if it has none.
std::string firstParameter(const Function& function) {
    for (const Node& parameter : function.node.field("parameters").namedChildren()) {
        const std::string name = parameterName(parameter);
        if (name != "self" && name != "cls") return name;
    }
    return "";
}

/// Whether every call of `target` in a function hands `**keywords` on, and the function takes them.
bool passesKeywords(const Function& wrapper, const std::string& target) {
    std::string keywords;
    for (const Node& parameter : wrapper.node.field("parameters").namedChildren())
        if (parameter.is("dictionary_splat_pattern")) keywords = std::string(parameter.namedChild(0).text());
    if (keywords.empty()) return false;
    bool passes = true;
    syntax::walk(wrapper.node.field("body"), [&](const Node& node) {
        if (!node.is("call") || node.field("function").text() != target) return true;
        bool spread = false;
        for (const Node& argument : node.field("arguments").namedChildren())
            spread = spread || (argument.is("dictionary_splat") && argument.namedChild(0).text() == keywords);
        passes = passes && spread;
        return true;
    });
    return passes;
}

/// Whether what a decorator makes of a function can be called with more keywords than the decorator knows.
bool decoratorPasses(const Module& home, const Function& decorator, bool isFactory) {
    if (isFactory) {
        for (const Function* inner : returnedFunctions(home, decorator))
            if (!decoratorPasses(home, *inner, false)) return false;
        return true;
    }
    const std::string target = firstParameter(decorator);
    for (const Function* wrapper : returnedFunctions(home, decorator))
        if (!passesKeywords(*wrapper, target)) return false;
    return true;
}

} // namespace

std::vector<const Function*> returnedFunctions(const Module& module, const Function& outer) {
    std::vector<const Function*> found;
    syntax::walk(outer.node.field("body"), [&](const Node& node) {
        if (node.is("function_definition") || node.is("lambda")) return false;
        if (!node.is("return_statement")) return true;
        syntax::walk(node, [&](const Node& name) {
            if (!name.is("identifier")) return true;
            if (const Function* inner = module.function(outer.qualified + ".<locals>." + std::string(name.text())))
                found.push_back(inner);
            return true;
        });
        return false;
    });
    return found;
}

bool hasFixedSignature(const Project& project, const Module& module, const Function& function) {
    if (!function.decorated.is("decorated_definition")) return false;
    for (const Node& child : function.decorated.namedChildren()) {
        if (!child.is("decorator")) continue;
        const Node expression = child.namedChild(0);
        const bool isFactory = expression.is("call");
        const Symbol symbol = project.resolve(module, isFactory ? expression.field("function") : expression);
        if (!symbol.module) continue;
        if (symbol.kind == Symbol::Kind::Class) return true;
        if (symbol.kind != Symbol::Kind::Function) continue;
        const Function* decorator = symbol.module->function(symbol.name);
        if (decorator && !decoratorPasses(*symbol.module, *decorator, isFactory)) return true;
    }
    return false;
}

void markFixedSignatures(MigrationContext& context) {
    for (Handler& handler : context.handlers)
        handler.fixedSignature = hasFixedSignature(context.project(), *handler.module, *handler.function);
}

} // namespace covet::rules
