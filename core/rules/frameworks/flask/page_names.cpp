// Before:  @app.template_filter("short")       app.context_processor(names)       app.jinja_env.globals["now"] = now
// After:   @template_filter(app, "short")      context_processor(app)(names)      page_environment(app).globals["now"] = now
// Safe: the helper's pages are Jinja's, and they know what Flask's know.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class PageNamePlanner {
public:
    explicit PageNamePlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("decorator")) decorator(*module, node);
                else if (node.is("call") && node.parent().is("expression_statement")) registration(*module, node);
                else if (node.is("attribute") && node.field("attribute").text() == "jinja_env") environment(*module, node);
                return !node.is("import_statement") && !node.is("import_from_statement");
            });
    }

private:
    /// Of a name on an application or on a blueprint, the helper that does the same; "" if there is none.
    static std::string helperOf(std::string name, bool isApp, bool& isWide) {
        static constexpr Words kNames = {"template_filter", "template_global", "template_test", "context_processor"};
        isWide = !isApp && startsWith(name, "app_");
        if (isWide) name = name.substr(4);
        else if (!isApp && name == "context_processor") name = "group_names";
        else if (!isApp) return "";
        return name == "group_names" || kNames.count(name) ? name : "";
    }

    int routerOf(const Module& module, const Node& callee) const {
        const int router = callee.is("attribute") ? plan_.reading.graph.resolve(module, callee.field("object")) : -1;
        return router >= 0 && plan_.routers.count(static_cast<size_t>(router)) ? router : -1;
    }

    void decorator(const Module& module, const Node& node) {
        const Node inner = node.namedChild(0);
        const Node callee = inner.is("call") ? inner.field("function") : inner;
        const int router = routerOf(module, callee);
        if (router < 0) return;
        bool isWide = false;
        const std::string helper = helperOf(std::string(callee.field("attribute").text()), isApp(router), isWide);
        if (helper.empty() || (isWide && inner.is("call") && inner.field("arguments").namedChildCount() > 1)) return;
        const std::string text = registering(module, callee, helper, isWide, inner.is("call") ? argumentOf(inner, "name", 0) : Node{});
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, inner, text] { rewrite.replace(inner, text); });
    }

    /// `app.context_processor(names)`, `app.add_template_filter(shout, "loud")`
    void registration(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        const int router = routerOf(module, callee);
        if (router < 0) return;
        std::string name(callee.field("attribute").text());
        const bool adds = startsWith(name, "add_"), processes = endsWith(name, "context_processor");
        if (!adds && !processes) return;
        bool isWide = false;
        const std::string helper = helperOf(adds ? name.substr(4) : name, isApp(router), isWide);
        const Node given = argumentOf(call, adds ? "f" : "", 0);
        if (helper.empty() || given.isNull() || call.field("arguments").namedChildCount() > 2) return;
        const std::string text = registering(module, callee, helper, isWide, adds ? argumentOf(call, "name", 1) : Node{});
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, call, given, text] {
            rewrite.replace(call, [given, text](const ModuleRewrite& r) { return text + "(" + r.render(given) + ")"; });
        });
    }

    std::string registering(const Module& module, const Node& callee, const std::string& helper, bool isWide, const Node& name) {
        plan_.claim(callee);
        plan_.claim(callee.field("object"));
        plan_.usesFolder = plan_.sharesRequest = true;
        const std::string router(callee.field("object").text()), given = name ? ", " + std::string(name.text()) : "";
        const std::string own = plan_.helper(module, helper);
        if (!isWide) return own + "(" + router + given + ")";
        return plan_.helper(module, "of_application") + "(" + (given.empty() ? own : "lambda app: " + own + "(app" + given + ")") + ", " + router + ")";
    }

    /// `app.jinja_env.filters["short"] = shorten`, `current_app.jinja_env`
    void environment(const Module& module, const Node& access) {
        const Node object = access.field("object");
        const bool isCurrent = plan_.flaskName(module, object) == "current_app";
        if (!isCurrent && !plan_.isApplication(module, object)) return;
        plan_.claim(access);
        plan_.claim(object);
        plan_.usesFolder = plan_.sharesRequest = true;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string app = isCurrent ? plan_.helper(module, "current_application") + "()" : std::string(object.text());
        const std::string text = plan_.helper(module, "page_environment") + "(" + app + ")";
        plan_.later([&rewrite, access, text] { rewrite.replace(access, text); });
    }

    bool isApp(int router) const { return plan_.reading.graph.routers()[static_cast<size_t>(router)].isApp; }

    Plan& plan_;
};

} // namespace

void planPageNames(Plan& plan) { PageNamePlanner(plan).run(); }

} // namespace covet::rules::flask
