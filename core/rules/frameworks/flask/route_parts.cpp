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

/// Whether all uses of a variable that holds what an expression gives are of a kind; false for what is no variable of a function.
template <class Test>
bool allUses(const Module& module, const Node& value, Test test) {
    const Node outer = value.parent();
    const Function* scope = module.enclosingFunction(value);
    if (!scope || !outer.is("assignment") || !(outer.field("right") == value) || !outer.field("left").is("identifier")) return false;
    const std::string_view name = outer.field("left").text();
    if (scope->globals.count(std::string(name))) return false;
    bool good = true;
    syntax::walk(scope->node.field("body"), [&](const Node& node) {
        const bool isPart = node.parent().is("attribute") && node.parent().field("attribute") == node;
        if (node.is("identifier") && node.text() == name && !isPart && !(node.parent() == outer)) good = good && test(node);
        return good;
    });
    return good;
}

/// `request.view_args["id"]`, `.get("id")`, `jsonify(request.view_args)`: nothing that changes what the handler gets.
bool onlyReads(const Module& module, const Node& args) {
    static const Names kMethods = {"get", "items", "keys", "values", "copy"};
    static const Names kCopies = {"dict", "list", "sorted", "len", "str", "repr", "bool", "jsonify", "json.dumps", "print"};
    const Node outer = args.parent();
    if (outer.is("subscript") && outer.field("value") == args) {
        const Node around = outer.parent();
        const bool changed = ((around.is("assignment") || around.is("augmented_assignment")) && around.field("left") == outer) || around.is("delete_statement");
        return !changed;
    }
    if (outer.is("attribute")) return kMethods.count(outer.field("attribute").text()) > 0;
    if (outer.is("boolean_operator")) return onlyReads(module, outer.parent().is("parenthesized_expression") ? outer.parent() : outer) || isTested(outer);
    return isTested(args) || outer.is("interpolation") || outer.is("dictionary_splat") || outer.is("return_statement") || outer.is("for_in_clause") ||
           (outer.is("for_statement") && outer.field("right") == args) || (outer.is("pair") && outer.field("value") == args) ||
           kCopies.count(calledName(args)) > 0 || allUses(module, args, [&](const Node& use) { return onlyReads(module, use); });
}

bool readsRule(const Module& module, const Node& rule) {
    static const Names kParts = {"rule", "endpoint", "methods", "arguments"};
    const Node outer = rule.parent();
    if (outer.is("attribute")) return kParts.count(outer.field("attribute").text()) > 0;
    if (isTested(rule) || outer.is("interpolation") || calledName(rule) == "str") return true;
    return allUses(module, rule, [&](const Node& use) {
        const bool used = use.parent().is("attribute") && kParts.count(use.parent().field("attribute").text()) > 0;
        return used || isTested(use) || use.parent().is("interpolation") || calledName(use) == "str";
    });
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
    if (name == "view_args") return onlyReads(module, access);
    return name != "url_rule" || (areSpelledOut(plan) && readsRule(module, access));
}

} // namespace covet::rules::flask
