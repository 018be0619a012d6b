#include "rules/wrapped_signature.h"

#include <algorithm>

#include "support/words.h"

namespace covet::rules {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// `@app.get("/x")`, `@router.exception_handler(404)`: it registers the function and gives it back.
bool registers(const Node& expression) {
    static constexpr Words kMethods = {
        "get",   "post",       "put",    "delete",    "patch",   "head", "options", "trace", "route",
        "api_route", "websocket", "on_event", "middleware", "exception_handler", "errorhandler", "add_route"};
    Node callee = expression.is("call") ? expression.field("function") : expression;
    return callee.is("attribute") && kMethods.count(callee.field("attribute").text()) > 0;
}

/// `@wraps(f) async def inner(*args, **kwargs): ... await f(*args, **kwargs) ...`, which the target looks
/// through.
bool isTransparent(const Function& wrapper) {
    bool wraps = false, list = false, dict = false, awaits = false;
    for (const Node& own : wrapper.decorated.namedChildren())
        wraps = wraps || (own.is("decorator") && own.text().find("wraps(") != std::string_view::npos);
    for (const Node& parameter : wrapper.node.field("parameters").namedChildren()) {
        list = list || parameter.is("list_splat_pattern");
        dict = dict || parameter.is("dictionary_splat_pattern");
    }
    syntax::walk(wrapper.node.field("body"), [&](const Node& part) {
        if (!part.is("await") || !part.namedChild(0).is("call")) return true;
        for (const Node& argument : part.namedChild(0).field("arguments").namedChildren())
            awaits = awaits || argument.is("dictionary_splat");
        return !awaits;
    });
    return wraps && wrapper.isAsync && list && dict && awaits;
}

/// Whether what a decorator puts in the place of a function is transparent.
bool passesOn(const Module& home, const Function& decorator, bool isFactory) {
    const std::vector<const Function*> made = returnedFunctions(home, decorator);
    return !made.empty() && std::all_of(made.begin(), made.end(), [&](const Function* one) {
        return isFactory ? passesOn(home, *one, false) : isTransparent(*one);
    });
}

bool hasFixedSignature(MigrationContext& context, const Module& module, const Function& handler) {
    if (handler.decorated == handler.node) return false;
    const ModuleRewrite& rewrite = context.rewrite(module);
    for (const Node& decorator : handler.decorated.namedChildren()) {
        if (!decorator.is("decorator") || rewrite.isRemoved(decorator)) continue;
        bool claimed = false;
        syntax::walk(decorator, [&](const Node& node) {
            claimed = claimed || rewrite.isClaimed(node);
            return !claimed;
        });
        const Node expression = decorator.namedChild(0);
        if (claimed || registers(expression)) continue;
        const bool isFactory = expression.is("call");
        const Symbol& symbol = context.project().resolve(module, isFactory ? expression.field("function") : expression);
        const Function* function = symbol.kind == Symbol::Kind::Function && symbol.module
                                       ? symbol.module->function(symbol.name) : nullptr;
        if (!function || !passesOn(*symbol.module, *function, isFactory)) return true;
    }
    return false;
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

void markFixedSignatures(MigrationContext& context) {
    for (Handler& handler : context.handlers)
        handler.fixedSignature = handler.fixedSignature || hasFixedSignature(context, *handler.module, *handler.function);
}

} // namespace covet::rules
