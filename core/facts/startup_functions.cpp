#include "facts/startup_functions.h"

namespace covet::facts {
namespace {

using syntax::Node;

/// `@app.on_event("startup")` with nothing else above the function.
bool runsAtStart(const semantic::Function& function) {
    if (function.isNested || !function.className.empty()) return false;
    const std::vector<Node> parts = function.decorated.namedChildren();
    if (parts.size() != 2 || !parts[0].is("decorator")) return false;
    const Node call = parts[0].namedChild(0);
    if (!call.is("call") || call.field("function").field("attribute").text() != "on_event") return false;
    const std::vector<Node> arguments = call.field("arguments").namedChildren();
    if (arguments.size() != 1 || function.node.field("parameters").namedChildCount() > 0) return false;
    const std::string_view event = arguments[0].text();
    return event == "\"startup\"" || event == "'startup'";
}

} // namespace

std::vector<StartupFunction> startupFunctions(const semantic::Project& project) {
    std::vector<StartupFunction> found;
    for (const auto& module : project.modules())
        for (const semantic::Function& function : module->functions)
            if (runsAtStart(function)) found.emplace_back(module.get(), &function);
    for (const auto& [module, function] : found)
        if (module != found[0].first) return {};
    return found;
}

} // namespace covet::facts
