#include "facts/passed_values.h"

#include "semantic/module_index.h"

namespace covet::facts {

std::vector<PassedValue> valuesPassedTo(const semantic::Project& project, const semantic::Module& home,
                                        const semantic::Function& function, const std::string& parameter) {
    size_t index = 0;
    for (const syntax::Node& one : function.node.field("parameters").namedChildren()) {
        const std::string name = semantic::parameterName(one);
        if (name == parameter) break;
        if (name != "self" && name != "cls") ++index;
    }
    std::vector<PassedValue> passed;
    for (const auto& module : project.modules()) {
        auto calls = module->calls.find(function.name);
        if (calls == module->calls.end()) continue;
        for (const syntax::Node& call : calls->second) {
            const syntax::Node callee = call.field("function");
            if (callee.is("identifier")) {
                const semantic::Symbol& symbol = project.resolve(*module, callee);
                if (symbol.module != &home || symbol.name != function.qualified) continue;
            }
            size_t position = 0;
            for (const syntax::Node& argument : call.field("arguments").namedChildren()) {
                const bool keyword = argument.is("keyword_argument");
                const bool ours = keyword ? argument.field("name").text() == parameter : position == index;
                if (!keyword) ++position;
                if (ours) passed.push_back({module.get(), keyword ? argument.field("value") : argument});
            }
        }
    }
    return passed;
}

std::string parameterFor(const semantic::Function& function, const semantic::Node& argument, bool isBound) {
    if (argument.is("keyword_argument")) return std::string(argument.field("name").text());
    size_t index = isBound ? 1 : 0;
    for (const semantic::Node& before : argument.parent().namedChildren()) {
        if (before == argument) break;
        if (before.is("list_splat") || before.is("dictionary_splat")) return "";
        index += before.is("comment") ? 0 : 1;
    }
    const std::vector<semantic::Node> parameters = function.node.field("parameters").namedChildren();
    return index < parameters.size() ? semantic::parameterName(parameters[index]) : "";
}

bool isOnlyKept(const semantic::Project& project, const semantic::Module& module, const syntax::Node& value) {
    const syntax::Node argument = value.parent().is("keyword_argument") ? value.parent() : value;
    const syntax::Node call = argument.parent().parent();
    if (!argument.parent().is("argument_list") || !call.is("call")) return false;
    const semantic::Symbol callee = project.resolve(module, call.field("function"));
    const semantic::Function* init = callee.kind == semantic::Symbol::Kind::Class && callee.module ? callee.module->function(callee.name + ".__init__") : nullptr;
    const std::string parameter = init ? parameterFor(*init, argument, true) : "";
    if (parameter.empty()) return false;
    bool kept = true;
    syntax::walk(init->node.field("body"), [&](const syntax::Node& node) {
        if (!node.is("identifier") || node.text() != parameter) return kept;
        const syntax::Node parent = node.parent();
        const bool isName = (parent.is("attribute") && parent.field("attribute") == node) || (parent.is("keyword_argument") && parent.field("name") == node);
        kept = kept && (isName || (parent.is("assignment") && parent.field("right") == node && parent.field("left").is("attribute")));
        return kept;
    });
    return kept;
}

} // namespace covet::facts
