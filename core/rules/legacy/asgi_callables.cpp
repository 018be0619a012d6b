#include "rules/legacy/asgi_callables.h"

#include "rules/signature_edits.h"

namespace covet::rules::legacy {

bool isAsgiCallable(const Function& function) {
    if (!function.isAsync) return false;
    std::vector<std::string> names;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) names.push_back(parameterName(parameter));
    if (!function.className.empty()) {
        if (function.name != "__call__" || names.size() != 4) return false;
        names.erase(names.begin());
    }
    if (names.size() != 3) return false;
    bool reads = names[0] == "scope" && names[1] == "receive" && names[2] == "send";
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (node.is("subscript") && node.field("value").text() == names[0]) reads = true;
        if (node.is("call") && node.field("function").text() == names[0] + ".get") reads = true;
        return !reads;
    });
    return reads;
}

bool isMiddleware(const Function& function) {
    std::vector<std::string> names;
    for (const Node& parameter : function.node.field("parameters").namedChildren()) names.push_back(parameterName(parameter));
    bool forwards = false;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("call") || !node.field("function").is("attribute")) return true;
        const std::vector<Node> arguments = node.field("arguments").namedChildren();
        if (arguments.size() == 3 && arguments[0].text() == names[names.size() - 3] && arguments[1].text() == names[names.size() - 2])
            forwards = true;
        return !forwards;
    });
    return forwards;
}

} // namespace covet::rules::legacy
