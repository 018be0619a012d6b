// before  request.query_params["q"], request.url.path      after  full_request(request).query_params["q"], request.scope["path"]
//         await request.json()                                    json.loads(await request.body())
//
// Safe: what the target's request has under the same name is the same; the rest asks Starlette's request,
// which is made of the same scope and body.

#include "rules/frameworks/fastapi/request_use.h"

#include "rules/frameworks/fastapi/inspection.h"
#include "support/words.h"

namespace covet::rules::fastapi {
namespace {

using Use = RequestUse::Kind;
using semantic::Function;
using semantic::Module;

/// First parameter of a function that handles errors, whatever its type.
std::string errorRequest(const RouterGraph& graph, const Module& module, const Function& function) {
    const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
    if (parameters.size() != 2) return "";
    for (const Node& decorator : function.decorated.namedChildren()) {
        const Node call = decorator.is("decorator") ? decorator.namedChild(0) : Node{};
        const Node callee = call.is("call") ? call.field("function") : Node{};
        if (callee.is("attribute") && callee.field("attribute").text() == "exception_handler" &&
            graph.resolve(module, callee.field("object")) >= 0)
            return parameterName(parameters[0]);
    }
    auto added = module.calls.find("add_exception_handler");
    if (added != module.calls.end())
        for (const Node& call : added->second)
            if (argumentOf(call, "handler", 1).text() == function.name) return parameterName(parameters[0]);
    return "";
}

RequestUse useOf(const Node& node) {
    static constexpr Words kSame = {"method", "headers", "cookies", "path_params", "scope"};
    const Node access = node.parent();
    if (access.is("assignment") && access.field("left") == node) return {Use::Unknown, access};
    if (!access.is("attribute") || !(access.field("object") == node)) return {Use::Full, node};
    const std::string name(access.field("attribute").text());
    const Node outer = access.parent();
    const std::string next(outer.is("attribute") && outer.field("object") == access ? outer.field("attribute").text() : "");
    const bool awaited = outer.is("call") && outer.field("function") == access && outer.parent().is("await");
    if (kSame.count(name) || (awaited && name == "body")) return {Use::Same, access};
    if (name == "url" && next == "path") return {Use::Path, outer};
    if (name == "client" && next == "host") return {Use::Host, outer};
    if (name == "app") return next == "state" ? RequestUse{Use::State, outer} : RequestUse{Use::Unknown, access};
    // The target gives None for an empty body, where FastAPI gives an error.
    if (awaited && name == "json") return {Use::Json, outer.parent()};
    return {Use::Full, node};
}

} // namespace

void eachRequestUse(const RouterGraph& graph, const Module& module, const std::map<std::string, Name>& names,
                    const std::function<void(const std::string& parameter, const RequestUse&)>& visit) {
    for (const Function& function : module.functions) {
        std::vector<std::string> parameters;
        for (const auto& [local, name] : names)
            if (name.kind == Kind::Request)
                for (std::string& parameter : parametersOfType(function, local)) parameters.push_back(std::move(parameter));
        if (parameters.empty())
            if (std::string first = errorRequest(graph, module, function); !first.empty()) parameters.push_back(std::move(first));
        for (const std::string& parameter : parameters)
            syntax::walk(function.node.field("body"), [&](const Node& node) {
                if (!node.is("identifier") || node.text() != parameter) return true;
                const Node parent = node.parent();
                const bool isLabel = (parent.is("attribute") && parent.field("attribute") == node) ||
                                     (parent.is("keyword_argument") && parent.field("name") == node) ||
                                     !node.ancestor({"parameters", "lambda_parameters"}).isNull();
                if (!isLabel) visit(parameter, useOf(node));
                return true;
            });
    }
}

} // namespace covet::rules::fastapi
