// Before:  app.add_url_rule("/", endpoint="index")     beside @app.route("/") of index
// After:   nothing
// Safe: the route that is there answers; the other name is only one for `url_for`.
#include "rules/frameworks/flask/flask_app.h"

namespace covet::rules::flask {
namespace {

bool isThere(const Plan& plan, const RuleAlias& alias) {
    for (const Site& site : plan.reading.sites)
        if (plan.routers.count(site.router))
            for (const auto& place : plan.reading.placesOf(site.router))
                if (place.first == alias.router && joinRules(place.second, site.rule) == alias.rule) return true;
    return false;
}

} // namespace

void planRuleAliases(Plan& plan) {
    for (const RuleAlias& alias : plan.reading.aliases) {
        if (!plan.routers.count(alias.router)) continue;
        if (!isThere(plan, alias) || !alias.call.parent().is("expression_statement")) {
            plan.refuse(*alias.module, alias.call, "unknown-handler", alias.rule);
            continue;
        }
        plan.claim(alias.call.field("function"));
        plan.later([&rewrite = plan.rewrite(*alias.module), statement = alias.call.parent()] { rewrite.remove(statement); });
    }
}

} // namespace covet::rules::flask
