#include "rules/legacy/app_rewriter.h"

#include <algorithm>

#include "rules/wrapped_signature.h"

namespace covet::rules::legacy {

bool takesBody(const std::string& method) { return method.empty() || method == "POST" || method == "PUT" || method == "PATCH"; }

bool AppRewriter::planHandlers() {
    if (!checkInlineOrder() || !planInline()) return false;
    if (!app_.registry) return true;
    std::map<const Function*, HandlerCode> functions;
    std::vector<const Function*> order;
    for (const Registration& one : app_.registry->registrations) {
        if (!one.function) {
            HandlerCode code;
            code.module = one.handlerModule;
            code.parameters = one.lambda.field("parameters");
            code.body = one.lambda.field("body");
            code.pathParameters = pathParameters(one.path);
            code.guards = one.guards;
            HandlerPlan plan = planHandler(context_, code, plan_);
            if (!plan.unclear.empty()) return fail(plan.unclear, "lambda for " + one.path + (plan.detail.empty() ? "" : ": " + plan.detail));
            lambdas_.emplace(one.lambda.id(), std::move(plan));
            continue;
        }
        HandlerCode& code = functions[one.function];
        code.takesBody = code.takesBody || takesBody(one.method);
        if (!code.function) {
            code.module = one.handlerModule;
            code.function = one.function;
            code.parameters = one.function->node.field("parameters");
            code.body = one.function->node.field("body");
            code.pathParameters = pathParameters(one.path);
            code.guards = one.guards;
            order.push_back(one.function);
        } else {
            if (code.pathParameters != pathParameters(one.path)) code.sameParameters = false;
            if (code.guards != one.guards) return fail("path-converter", one.pattern);
        }
    }
    for (const Function* function : order) {
        HandlerCode& code = functions[function];
        if (!checkFunction(code)) return false;
        HandlerPlan plan = planHandler(context_, code, plan_);
        if (!plan.unclear.empty()) return fail(plan.unclear, function->name + (plan.detail.empty() ? "" : ": " + plan.detail));
        handlers_.emplace_back(code, std::move(plan));
    }
    return true;
}

/// A decorator of the project that stands around handlers only is rewritten with them: its wrapper
/// takes the request as they do and waits for what it calls.
bool AppRewriter::planWrapper(HandlerCode& handler, const Node& expression) {
    const bool isFactory = expression.is("call");
    const Module* home = nullptr;
    const Function* decorator = namedFunction(project_, *handler.module, isFactory ? expression.field("function") : expression, &home);
    if (!decorator || decorator->isNested || !decorator->className.empty()) return false;
    for (const Reference& reference : referencesTo(project_, *home, decorator->qualified))
        if (!isInside(reference, removed_) && !decoratesHandler(reference)) return false;
    const Function* maker = decorator;
    if (isFactory) {
        const std::vector<const Function*> inner = returnedFunctions(*home, *decorator);
        if (inner.size() != 1) return false;
        maker = inner[0];
    }
    const std::vector<Node> given = maker->node.field("parameters").namedChildren();
    const std::vector<const Function*> made = returnedFunctions(*home, *maker);
    if (given.size() != 1 || made.size() != 1) return false;
    const Function& wrapper = *made[0];
    const std::vector<Node> parameters = wrapper.node.field("parameters").namedChildren();
    const bool passesAll = parameters.size() == 2 && parameters[0].is("list_splat_pattern") && parameters[1].is("dictionary_splat_pattern");
    const bool keepsName = wrapper.decorated.is("decorated_definition") && wrapper.decorated.text().find("wraps(") != std::string_view::npos;
    const bool fixed = parameters.size() == 1 && app_.shape.positional.size() == 1 && app_.shape.keywords.empty() && !app_.shape.spreadsParams &&
                       !parameters[0].is("list_splat_pattern") && !parameters[0].is("dictionary_splat_pattern");
    if (!fixed && !(passesAll && keepsName)) return false;
    handler.wrapped = handler.wrapped || fixed;
    for (const auto& known : wrappers_)
        if (known.first.function == &wrapper) return true;
    HandlerCode code;
    code.module = home;
    code.function = &wrapper;
    code.parameters = wrapper.node.field("parameters");
    code.body = wrapper.node.field("body");
    code.target = parameterName(given[0]);
    code.passesAll = passesAll;
    code.takesBody = fixed;
    HandlerPlan plan = planHandler(context_, code, plan_);
    if (!plan.unclear.empty()) return false;
    wrappers_.emplace_back(code, std::move(plan));
    return true;
}

/// Whether a reference is the decorator of a registered function.
bool AppRewriter::decoratesHandler(const Reference& reference) const {
    Node node = reference.node;
    while (node && !node.is("decorator")) node = node.parent();
    if (!node || !app_.registry) return false;
    return std::any_of(app_.registry->registrations.begin(), app_.registry->registrations.end(), [&](const Registration& one) {
        return one.function && one.handlerModule == reference.module && one.function->decorated == node.parent();
    });
}

/// Decorators beside the routes, and calls from elsewhere, see the handler as it was.
bool AppRewriter::checkFunction(HandlerCode& code) {
    const Function& function = *code.function;
    if (function.isNested) return fail("nested-handler", function.name);
    if (function.decorated.is("decorated_definition"))
        for (const Node& child : function.decorated.namedChildren()) {
            if (!child.is("decorator")) continue;
            const Node expression = child.namedChild(0);
            if (isSite(*code.module, expression.is("call") ? expression.field("function") : expression)) continue;
            if (!planWrapper(code, expression)) return fail("decorated-handler", function.name + ": " + std::string(child.text()));
        }
    for (const Reference& reference : referencesTo(project_, *code.module, function.qualified)) {
        if (isInside(reference, removed_) || isSite(*reference.module, reference.node)) continue;
        bool entry = false;
        if (app_.registry)
            for (const Node& statement : app_.registry->definitions)
                entry = entry || (reference.module == app_.registry->module && statement.contains(reference.node));
        if (!entry) return fail("handler-called-elsewhere", function.name);
    }
    return true;
}

} // namespace covet::rules::legacy
