// Before:  @app.before_request                app.teardown_appcontext(close)
// After:   @before_request(app)               teardown_request(app)(close)
// Safe: the helper runs them around every request, in Flask's order; what one returns is the answer.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

constexpr Words kHookNames = {"before_request", "after_request", "teardown_request", "teardown_appcontext", "before_app_request",
                              "after_app_request", "teardown_app_request"};

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
                else if (node.is("call") && node.parent().is("expression_statement")) registration(*module, node);
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
        const Node inner = node.namedChild(0);
        const Node named = inner.is("call") ? inner.field("function") : inner;
        const std::string name(named.is("attribute") ? named.field("attribute").text() : "");
        if (kHookNames.count(name) && plan_.routerDecorator(module, node, name)) hook(module, node, inner, name);
    }

    /// `app.teardown_appcontext(close_db)`, where nothing else calls that function.
    void registration(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        const std::string name(callee.is("attribute") ? callee.field("attribute").text() : "");
        if (!kHookNames.count(name)) return;
        const int router = plan_.reading.graph.resolve(module, callee.field("object"));
        const std::vector<Node> arguments = call.field("arguments").namedChildren();
        if (router < 0 || !plan_.routers.count(static_cast<size_t>(router)) || arguments.size() != 1) return;
        const Function* function = functionAt(module, arguments[0]);
        const Module* home = function ? definingModule(plan_.project(), *function) : nullptr;
        if (!home || !isHook(*function, name) || !function->className.empty() || usesOf(*function) != 1)
            return plan_.refuse(module, call, "request-hook", std::string(call.text().substr(0, 60)), "register a function that nothing else calls");
        install(module, *home, callee, *function, name);
    }

    /// How often code names a function.
    size_t usesOf(const Function& function) const {
        size_t uses = 0;
        for (const Module* module : plan_.modules)
            for (const Node& name : module->tree->identifiers(function.name)) {
                const Node parent = name.parent();
                const bool isPart = parent.is("dotted_name") || (parent.is("function_definition") && parent.field("name") == name) ||
                                    (parent.is("attribute") && parent.field("attribute") == name);
                uses += !isPart && functionAt(*module, name) == &function ? 1 : 0;
            }
        return uses;
    }

    /// Whether the helper can call a function as Flask does.
    static bool isHook(const Function& function, const std::string& name) {
        const bool ends = startsWith(name, "teardown"), after = startsWith(name, "after");
        const std::vector<Node> parameters = function.node.field("parameters").namedChildren();
        return parameters.size() == (after || ends ? 1u : 0u) && (!after || changesHeadOnly(function, parameterName(parameters[0])));
    }

    void hook(const Module& module, const Node& decorator, const Node& inner, const std::string& name) {
        const Function* function = decoratedFunction(module, decorator);
        if (!function || !inner.is("attribute") || !isHook(*function, name))
            return plan_.refuse(module, decorator, "request-hook", std::string(decorator.text()));
        install(module, module, inner, *function, name);
    }

    /// `app.before_request` becomes `before_request(app)`, as a decorator and as something that is called.
    void install(const Module& module, const Module& home, const Node& access, const Function& function, const std::string& name) {
        plan_.claim(access);
        plan_.claim(access.field("object"));
        plan_.hooks.emplace(&function, &home);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        SignatureEdits& signatures = plan_.context.signatures(home);
        const std::string registers =
            plan_.helper(module, startsWith(name, "teardown") ? "teardown_request" : startsWith(name, "after") ? "after_request" : "before_request");
        const std::string router(access.field("object").text());
        const bool isWide = name.find("_app_") != std::string::npos;
        const std::string text = isWide ? plan_.helper(module, "of_application") + "(" + registers + ", " + router + ")" : registers + "(" + router + ")";
        const Function* kept = &function;
        plan_.later([&rewrite, &signatures, access, kept, text] {
            rewrite.replace(access, text);
            signatures.makeAsync(*kept);
        });
    }

    Plan& plan_;
};

} // namespace

void planHooks(Plan& plan) { HookPlanner(plan).run(); }

} // namespace covet::rules::flask
