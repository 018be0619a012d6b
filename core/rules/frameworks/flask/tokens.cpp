// Flask-JWT-Extended with tokens in cookies or keys of other kinds keeps the application as it is: its counterpart
// makes and checks the tokens of the header alone, with the same library below it.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

constexpr std::string_view kPackage = "flask_jwt_extended";

/// What the counterpart does not look at.
void refuseSettings(Plan& plan, const Module& module) {
    for (const char* name : {"JWT_TOKEN_LOCATION", "JWT_COOKIE", "JWT_PUBLIC_KEY", "JWT_PRIVATE_KEY", "JWT_DECODE_A", "JWT_DECODE_I", "JWT_ENCODE_A",
                             "JWT_ENCODE_I", "JWT_CSRF", "JWT_ACCESS_COOKIE", "JWT_REFRESH_COOKIE"}) {
        const size_t at = module.tree->text().find(name);
        if (at == std::string_view::npos) continue;
        const size_t end = module.tree->text().find('\n', at);
        const std::string line(module.tree->text().substr(at, end - at));
        const bool headersAlone = startsWith(name, "JWT_TOKEN") && line.find("headers") != std::string::npos && line.find("cookies") == std::string::npos &&
                                  line.find("query") == std::string::npos && line.find("json") == std::string::npos;
        if (!headersAlone) plan.refuse(module, module.tree->root(), "token-option", name);
    }
}

} // namespace

void planTokens(Plan& plan) {
    if (!plan.counterparts.count(std::string(kPackage))) return;
    for (const Module* home : plan.modules) {
        const Module& module = *home;
        refuseSettings(plan, module);
        syntax::walk(module.tree->root(), [&](const Node& node) {
            if (!node.is("call") || counterpartName(plan, module, node.field("function"), kPackage).empty()) return true;
            const Node places = argumentOf(node, "locations");
            if (places && places.text().find("headers") == std::string_view::npos)
                plan.refuse(module, places, "token-option", std::string(places.text()));
            return true;
        });
    }
}

} // namespace covet::rules::flask
