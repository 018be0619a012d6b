// Before:  @app.before_request                @app.template_filter("short")
// After:   @before_request(app)               @template_filter(app, "short")
// Safe: the helper runs them around every request, in Flask's order; what one returns is the answer.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

/// Whether a function that runs on an answer only touches its status, headers and cookies, and gives back what it got.
bool changesHeadOnly(const Function& function, const std::string& name) {
    bool good = true;
    syntax::walk(function.node.field("body"), [&](const Node& node) {
        if (!node.is("identifier") || node.text() != name) return true;
        const Node parent = node.parent();
        static constexpr Words kParts = {"headers", "status_code", "set_cookie", "delete_cookie"};
        const bool part = parent.is("attribute") && parent.field("object") == node && kParts.count(parent.field("attribute").text()) > 0;
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
                else if (node.is("call") && plan_.flaskName(*module, node.field("function")) == "after_this_request") delayed(*module, node);
                return true;
            });
    }

private:
    /// `@after_this_request` on a function inside of a handler, `after_this_request(add_header)`
    void delayed(const Module& module, const Node& name, const Function* function) {
        const std::vector<Node> parameters = function ? function->node.field("parameters").namedChildren() : std::vector<Node>{};
        if (parameters.size() != 1 || function->isAsync || !changesHeadOnly(*function, parameterName(parameters[0])))
            return plan_.refuse(module, name, "request-hook", std::string(name.parent().text().substr(0, 60)), "let it change nothing but status, headers and cookies, and return what it gets");
        plan_.claim(name);
        plan_.delaysHooks = true;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "after_this_request");
        if (name.text() != text) plan_.later([&rewrite, name, text] { rewrite.replace(name, text); });
    }

    void delayed(const Module& module, const Node& call) {
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        delayed(module, call.field("function"), arguments.size() == 1 ? functionAt(module, arguments[0]) : nullptr);
    }

    /// The function that a name stands for, also one inside of the function around it.
    const Function* functionAt(const Module& module, const Node& name) const {
        if (const Function* known = functionOf(plan_.project(), module, name)) return known;
        const Function* scope = module.enclosingFunction(name);
        for (const Function& inner : module.functions)
            if (scope && name.is("identifier") && inner.name == name.text() && module.enclosingFunction(inner.decorated) == scope) return &inner;
        return nullptr;
    }

    void decorator(const Module& module, const Node& node) {
        if (plan_.flaskName(module, node.namedChild(0)) == "after_this_request") return delayed(module, node.namedChild(0), decoratedFunction(module, node));
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
