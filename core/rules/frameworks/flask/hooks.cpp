// Before:  @app.before_request                @app.template_filter("short")
// After:   @before_request(app)               @template_filter(app, "short")
// Safe: the helper runs them around every request, in Flask's order; what one returns is the answer.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

/// Whether an after_request function only touches the status and the headers, and gives back what it got.
bool changesHeadOnly(const Function& function, const std::string& name) {
    bool good = true;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != name) return true;
        const Node parent = node.parent();
        const bool part = parent.is("attribute") && parent.field("object") == node &&
                          (parent.field("attribute").text() == "headers" || parent.field("attribute").text() == "status_code");
        good = good && (part || parent.is("return_statement"));
        return true;
    });
    return good;
}

} // namespace

void planHooks(Plan& plan) {
    for (const Module* home : plan.modules) {
        const Module& module = *home;
        syntax::walk(module.tree->root(), [&](const Node& decorator) {
            if (!decorator.is("decorator")) return true;
            for (const char* name : {"before_request", "after_request", "teardown_request", "teardown_appcontext"}) {
                const Node inner = plan.applicationDecorator(module, decorator, name);
                if (inner.isNull()) continue;
                const Function* function = decoratedFunction(module, decorator);
                const bool after = std::string_view(name) == "after_request", ends = startsWith(name, "teardown");
                const std::vector<Node> parameters = function ? function->node.field("parameters").namedChildren() : std::vector<Node>{};
                if (!function || !inner.is("attribute") || parameters.size() != (after || ends ? 1u : 0u) ||
                    (after && !changesHeadOnly(*function, parameterName(parameters[0])))) {
                    plan.refuse(module, decorator, "request-hook", std::string(decorator.text()));
                    continue;
                }
                plan.claim(inner);
                plan.hooks.emplace(function, &module);
                ModuleRewrite& rewrite = plan.rewrite(module);
                SignatureEdits& signatures = plan.context.signatures(module);
                const std::string text = plan.helper(module, ends ? "teardown_request" : name) + "(" + std::string(inner.field("object").text()) + ")";
                plan.later([&rewrite, &signatures, inner, function, text] {
                    rewrite.replace(inner, text);
                    signatures.makeAsync(*function);
                });
            }
            for (const char* name : {"template_filter", "context_processor"}) {
                const Node inner = plan.applicationDecorator(module, decorator, name);
                if (inner.isNull()) continue;
                const Node callee = inner.is("call") ? inner.field("function") : inner;
                const Node given = inner.is("call") ? argumentOf(inner, "name", 0) : Node{};
                plan.claim(callee);
                plan.usesFolder = plan.sharesRequest = true;
                ModuleRewrite& rewrite = plan.rewrite(module);
                const std::string text = plan.helper(module, name) + "(" + std::string(callee.field("object").text()) +
                                         (given ? ", " + std::string(given.text()) : "") + ")";
                plan.later([&rewrite, inner, text] { rewrite.replace(inner, text); });
            }
            return true;
        });
    }
}

} // namespace covet::rules::flask
