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

} // namespace covet::facts
