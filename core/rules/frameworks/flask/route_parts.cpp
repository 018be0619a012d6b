// What a request says about the route that it took: `request.endpoint`, `request.view_args`, `request.url_rule`.
// The helper's request finds them by the path; it cannot give back what code changes in them.
#include <algorithm>

#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

using Names = std::set<std::string_view>;

/// The name that something is called by: `dict` of `dict(x)`.
std::string_view calledName(const Node& argument) {
    const Node list = argument.parent().is("keyword_argument") ? argument.parent().parent() : argument.parent();
    return list.is("argument_list") ? list.parent().field("function").text() : std::string_view();
}

bool isTested(const Node& node) {
    const Node outer = node.parent();
    return outer.is("comparison_operator") || outer.is("not_operator") || outer.is("boolean_operator") || outer.is("if_statement") ||
           outer.is("conditional_expression");
}

/// `request.view_args["id"]`, `.get("id")`, `jsonify(request.view_args)`: nothing that changes what the handler gets.
bool onlyReads(const Node& args) {
    static const Names kMethods = {"get", "items", "keys", "values", "copy"};
    static const Names kCopies = {"dict", "list", "sorted", "len", "str", "repr", "bool", "jsonify", "json.dumps", "print"};
    const Node outer = args.parent();
    if (outer.is("subscript") && outer.field("value") == args) {
        const Node around = outer.parent();
        const bool changed = ((around.is("assignment") || around.is("augmented_assignment")) && around.field("left") == outer) || around.is("delete_statement");
        return !changed;
    }
    if (outer.is("attribute")) return kMethods.count(outer.field("attribute").text()) > 0;
    if (outer.is("boolean_operator")) return onlyReads(outer.parent().is("parenthesized_expression") ? outer.parent() : outer) || isTested(outer);
    return isTested(args) || outer.is("interpolation") || outer.is("dictionary_splat") || outer.is("return_statement") || outer.is("for_in_clause") ||
           (outer.is("for_statement") && outer.field("right") == args) || (outer.is("pair") && outer.field("value") == args) ||
           kCopies.count(calledName(args)) > 0;
}

bool readsRule(const Module& module, const Node& rule) {
    static const Names kParts = {"rule", "endpoint", "methods", "arguments"};
    const Node outer = rule.parent();
    if (outer.is("attribute")) return kParts.count(outer.field("attribute").text()) > 0;
    if (isTested(rule) || outer.is("interpolation") || calledName(rule) == "str") return true;
    // `rule = request.url_rule`
    const Function* scope = module.enclosingFunction(rule);
    if (!scope || !outer.is("assignment") || !(outer.field("right") == rule) || !outer.field("left").is("identifier")) return false;
    const std::string_view name = outer.field("left").text();
    bool reads = true;
    syntax::walk(scope->node.field("body"), [&](const Node& node) {
        const bool isPart = node.parent().is("attribute") && node.parent().field("attribute") == node;
        if (!node.is("identifier") || node.text() != name || isPart || node.parent() == outer) return reads;
        const bool used = node.parent().is("attribute") && kParts.count(node.parent().field("attribute").text()) > 0;
        reads = reads && (used || isTested(node) || node.parent().is("interpolation") || calledName(node) == "str");
        return reads;
    });
    return reads;
}

/// Whether the helper can write the rules of all routes as the code has them.
bool areSpelledOut(const Plan& plan) {
    return std::all_of(plan.reading.sites.begin(), plan.reading.sites.end(), [&](const Site& site) {
        const bool own = plan.routers.count(site.router) > 0;
        return !own || (site.rule.find("<string:") == std::string::npos && site.rule.find("<default:") == std::string::npos);
    });
}

} // namespace

bool isRoutePart(const Plan& plan, const Module& module, const Node& access) {
    const std::string_view name = access.field("attribute").text();
    if (name != "endpoint" && name != "blueprint" && name != "view_args" && name != "url_rule") return false;
    for (const Site& site : plan.reading.sites) {
        if (!plan.routers.count(site.router)) continue;
        if (site.isBound || isRestx(plan.reading.graph.routers()[site.router])) return false;
        if (name == "view_args" && !site.defaults.empty()) return false; // they belong to what it has
    }
    if (name == "view_args") return onlyReads(access);
    return name != "url_rule" || (areSpelledOut(plan) && readsRule(module, access));
}

} // namespace covet::rules::flask
