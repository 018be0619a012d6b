#include "rules/store/exact/decorators.h"

namespace covet::rules::exact {
namespace {

using semantic::Function;
using semantic::Module;
using semantic::Symbol;

/// `@app.get("/x")`, `@router.exception_handler(404)`: it registers the function and gives it back.
bool registers(const Node& expression) {
    static const std::set<std::string_view> kMethods = {
        "get",   "post",       "put",    "delete",    "patch",   "head", "options", "trace", "route",
        "api_route", "websocket", "on_event", "middleware", "exception_handler", "errorhandler", "add_route"};
    Node callee = expression.is("call") ? expression.field("function") : expression;
    return callee.is("attribute") && kMethods.count(callee.field("attribute").text()) > 0;
}

/// `@wraps(f) async def inner(*args, **kwargs): ... await f(*args, **kwargs) ...`, which the target looks through.
bool isTransparent(const Function& decorator) {
    bool transparent = false;
    syntax::walk(decorator.node.field("body"), [&](const Node& node) {
        if (!node.is("function_definition") || transparent) return !transparent;
        bool wraps = false, isAsync = !node.children().empty() && node.child(0).is("async");
        for (const Node& own : node.parent().namedChildren())
            wraps = wraps || (own.is("decorator") && own.text().find("wraps(") != std::string_view::npos);
        bool list = false, dict = false, awaits = false;
        for (const Node& parameter : node.field("parameters").namedChildren()) {
            list = list || parameter.is("list_splat_pattern");
            dict = dict || parameter.is("dictionary_splat_pattern");
        }
        syntax::walk(node.field("body"), [&](const Node& part) {
            if (!part.is("await") || !part.namedChild(0).is("call")) return true;
            Node arguments = part.namedChild(0).field("arguments");
            bool splat = false;
            for (const Node& argument : arguments.namedChildren()) splat = splat || argument.is("dictionary_splat");
            awaits = awaits || splat;
            return !awaits;
        });
        transparent = wraps && isAsync && list && dict && awaits;
        return !transparent;
    });
    return transparent;
}

} // namespace

bool decoratorsPassOn(MigrationContext& context, const Module& module, const Function& handler) {
    if (handler.decorated == handler.node) return true;
    const ModuleRewrite& rewrite = context.rewrite(module);
    for (const Node& decorator : handler.decorated.namedChildren()) {
        if (!decorator.is("decorator") || rewrite.isRemoved(decorator)) continue;
        bool claimed = false;
        syntax::walk(decorator, [&](const Node& node) {
            claimed = claimed || rewrite.isClaimed(node);
            return !claimed;
        });
        Node expression = decorator.namedChild(0);
        if (claimed || registers(expression)) continue;
        Symbol symbol = context.project().resolve(module, expression.is("call") ? expression.field("function") : expression);
        const Function* function = symbol.kind == Symbol::Kind::Function && symbol.module
                                       ? symbol.module->function(symbol.name) : nullptr;
        if (!function || !isTransparent(*function)) return false;
    }
    return true;
}

} // namespace covet::rules::exact
