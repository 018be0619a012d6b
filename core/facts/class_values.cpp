#include "facts/class_values.h"

#include "facts/passed_values.h"
#include "semantic/module_index.h"
#include "semantic/test_modules.h"

namespace covet::facts {

using semantic::Function;
using semantic::Symbol;
using syntax::Node;

std::optional<std::vector<std::pair<const semantic::Module*, Node>>>
callsOfPassedClass(const semantic::Project& project, const semantic::Module& module, const Node& name) {
    const Node argument = name.parent().is("keyword_argument") ? name.parent() : name;
    const Node call = argument.parent().parent();
    if (!argument.parent().is("argument_list") || !call.is("call")) return std::nullopt;
    const Symbol& callee = project.resolve(module, call.field("function"));
    const Function* function = callee.kind == Symbol::Kind::Function && callee.module ? callee.module->function(callee.name) : nullptr;
    if (!function || !function->className.empty() || semantic::isTestModule(*callee.module)) return std::nullopt;
    const std::string parameter = parameterFor(*function, argument, false);
    bool isOwn = false;
    for (const Node& one : function->node.field("parameters").namedChildren())
        isOwn = isOwn || (semantic::parameterName(one) == parameter && !one.is("list_splat_pattern") && !one.is("dictionary_splat_pattern"));
    if (!isOwn) return std::nullopt;
    std::vector<std::pair<const semantic::Module*, Node>> made;
    bool otherwise = false;
    syntax::walk(function->node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != parameter) return !otherwise;
        const Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return true;
        if (parent.is("keyword_argument") && parent.field("name") == node) return true;
        if (parent.is("call") && parent.field("function") == node) made.emplace_back(callee.module, parent);
        else otherwise = true;
        return !otherwise;
    });
    if (otherwise) return std::nullopt;
    return made;
}

Node passedClassOf(const Function& function, const Node& returned, const Node& call) {
    const Node made = returned.is("call") ? returned.field("function") : Node();
    if (!made.is("identifier") || !function.className.empty()) return {};
    for (const Node& argument : call.field("arguments").namedChildren())
        if (parameterFor(function, argument, false) == made.text())
            return argument.is("keyword_argument") ? argument.field("value") : argument;
    return {};
}

} // namespace covet::facts
