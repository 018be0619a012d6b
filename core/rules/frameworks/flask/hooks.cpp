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

class HookPlanner {
public:
    explicit HookPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("decorator")) decorator(*module, node);
                return true;
            });
    }

private:
    void decorator(const Module& module, const Node& node) {
        for (const char* name : {"before_request", "after_request", "teardown_request", "teardown_appcontext", "before_app_request",
                                 "after_app_request", "teardown_app_request"})
            if (const Node inner = plan_.routerDecorator(module, node, name)) return hook(module, node, inner, name);
        for (const char* name : {"template_filter", "context_processor"}) {
            const Node inner = plan_.routerDecorator(module, node, name);
            if (inner && plan_.isApplication(module, (inner.is("call") ? inner.field("function") : inner).field("object")))
                return ofTemplates(module, inner, name);
        }
    }

    void hook(const Module& module, const Node& decorator, const Node& inner, const std::string& name) {
        const Function* function = decoratedFunction(module, decorator);
        const bool ends = startsWith(name, "teardown"), after = startsWith(name, "after");
        const std::vector<Node> parameters = function ? function->node.field("parameters").namedChildren() : std::vector<Node>{};
        if (!function || !inner.is("attribute") || parameters.size() != (after || ends ? 1u : 0u) ||
            (after && !changesHeadOnly(*function, parameterName(parameters[0]))))
            return plan_.refuse(module, decorator, "request-hook", std::string(decorator.text()));
        plan_.claim(inner);
        plan_.hooks.emplace(function, &module);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        SignatureEdits& signatures = plan_.context.signatures(module);
        const std::string registers = plan_.helper(module, ends ? "teardown_request" : after ? "after_request" : "before_request");
        const std::string router(inner.field("object").text());
        const bool isWide = name.find("_app_") != std::string::npos;
        const std::string text = isWide ? plan_.helper(module, "of_application") + "(" + registers + ", " + router + ")" : registers + "(" + router + ")";
        plan_.later([&rewrite, &signatures, inner, function, text] {
            rewrite.replace(inner, text);
            signatures.makeAsync(*function);
        });
    }

    void ofTemplates(const Module& module, const Node& inner, const std::string& name) {
        const Node callee = inner.is("call") ? inner.field("function") : inner;
        const Node given = inner.is("call") ? argumentOf(inner, "name", 0) : Node{};
        plan_.claim(callee);
        plan_.usesFolder = plan_.sharesRequest = true;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, name) + "(" + std::string(callee.field("object").text()) +
                                 (given ? ", " + std::string(given.text()) : "") + ")";
        plan_.later([&rewrite, inner, text] { rewrite.replace(inner, text); });
    }

    Plan& plan_;
};

} // namespace

void planHooks(Plan& plan) { HookPlanner(plan).run(); }

} // namespace covet::rules::flask
