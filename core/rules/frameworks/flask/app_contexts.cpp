// Before:  with app.app_context(): seed()        app.app_context().push()
// After:   with AppContext(app): seed()          AppContext(app).push()
// Safe: inside, `current_app` is the application and `g` is empty, as in Flask.
#include "rules/frameworks/flask/flask_app.h"

namespace covet::rules::flask {
namespace {

void planContext(Plan& plan, const Module& module, const Node& call) {
    const Node callee = call.field("function");
    if (!callee.is("attribute") || callee.field("attribute").text() != "app_context" || call.field("arguments").namedChildCount() > 0) return;
    const Node app = callee.field("object");
    const bool isCurrent = plan.flaskName(module, app) == "current_app";
    if (!isCurrent && !plan.isApplication(module, app)) return;
    plan.claim(callee);
    plan.claim(app);
    ModuleRewrite& rewrite = plan.rewrite(module);
    const std::string name = isCurrent ? plan.helper(module, "current_application") + "()" : std::string(app.text());
    const std::string text = plan.helper(module, "AppContext") + "(" + name + ")";
    plan.later([&rewrite, call, text] { rewrite.replace(call, text); });
}

} // namespace

void planAppContexts(Plan& plan) {
    for (const Module* module : plan.modules) {
        const auto calls = module->calls.find("app_context");
        if (calls == module->calls.end()) continue;
        for (const Node& call : calls->second) planContext(plan, *module, call);
    }
}

} // namespace covet::rules::flask
