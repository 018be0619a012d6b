// Before:  def get_item(request): item_id = int(request["params"]["item_id"])
// After:   async def get_item(item_id: str): item_id = int(item_id)
// Safe: each part of the request is read from where the dispatcher took it, with the value it had.
#include "rules/legacy/handler_planner.h"

#include <algorithm>

#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

/// Calls that leave everything as it is, whether or not they succeed.
bool onlyConverts(const Node& call) {
    static constexpr Words kNames = {"int", "float", "str", "bool", "len", "get", "strip", "lower", "upper", "split"};
    const Node callee = call.field("function");
    return kNames.count(callee.is("attribute") ? callee.field("attribute").text() : callee.text()) > 0;
}

/// Whether code up to a place, or all of it, calls something that may change what others see.
bool actsBefore(const Node& code, size_t end) {
    bool acts = false;
    syntax::walk(code, [&](const Node& node) {
        acts = acts || (node.end() <= end && (node.is("await") || (node.is("call") && !onlyConverts(node))));
        return !acts && node.start() < end;
    });
    return acts;
}

/// Whether a node is evaluated whenever the code around it is.
bool alwaysEvaluated(const Node& node, const Node& code) {
    for (Node at = node; !(at == code); at = at.parent()) {
        const Node parent = at.parent();
        if (parent.isNull() || parent.is("lambda") || parent.is("generator_expression")) return false;
        if (parent.is("boolean_operator") && !(parent.field("left") == at)) return false;
        if (parent.is("conditional_expression") && !(parent.namedChild(1) == at)) return false;
        if (parent.is("comparison_operator") && !(parent.namedChild(0) == at) && !(parent.namedChild(1) == at)) return false;
        if (endsWith(parent.typeName(), "_comprehension") && !(parent.namedChild(1) == at)) return false;
        if (parent.is("for_in_clause") && !(parent.field("right") == at)) return false;
        if (parent.is("if_clause")) return false;
    }
    return true;
}

} // namespace

HandlerPlan HandlerPlanner::plan() {
    collectNames();
    if (code_.function && yields()) return refused("generator-handler", "");
    chooseRequestName();
    if ((code_.wrapped || !code_.target.empty()) && requestName_ != "request") return refused("decorated-handler", requestName_);
    if (!code_.passesAll && !bindParameters()) return std::move(plan_);
    if (!code_.target.empty() && !awaitTarget()) return std::move(plan_);
    plan_.usesRequest = plan_.usesRequest || code_.wrapped || (!code_.target.empty() && !code_.passesAll);
    rewriteGlobals();
    settleAwaits();
    for (size_t i = 0; i < code_.pathParameters.size(); ++i) addPathParameter(code_.pathParameters[i]);
    parseEarly();
    guard();
    if (plan_.usesRequest)
        plan_.parameters.insert(plan_.parameters.begin(), requestName_ + ": " + targetName(*code_.module, app_, context_.target().request));
    if (plan_.unclear.empty()) planReturns(context_, code_, app_, plan_);
    return std::move(plan_);
}

HandlerPlan HandlerPlanner::refused(const std::string& reason, const std::string& detail) {
    plan_.unclear = reason;
    plan_.detail = detail;
    return std::move(plan_);
}

bool HandlerPlanner::fail(const std::string& reason, const std::string& detail) {
    if (plan_.unclear.empty()) {
        plan_.unclear = reason;
        plan_.detail = detail;
    }
    return false;
}

bool HandlerPlanner::yields() const {
    bool found = false;
    syntax::walk(code_.body, [&](const Node& node) {
        if (node.is("function_definition") || node.is("lambda")) return false;
        found = found || node.is("yield");
        return !found;
    });
    return found;
}

void HandlerPlanner::collectNames() {
    syntax::walk(code_.body, [&](const Node& node) {
        if (!node.is("identifier")) return true;
        const Node parent = node.parent();
        if (parent.is("attribute") && parent.field("attribute") == node) return true;
        if (parent.is("keyword_argument") && parent.field("name") == node) return true;
        names_[std::string(node.text())].push_back(node);
        return true;
    });
}

void HandlerPlanner::chooseRequestName() {
    std::set<std::string> old;
    for (const Node& parameter : code_.parameters.namedChildren()) old.insert(parameterName(parameter));
    for (const char* candidate : {"request", "http_request", "incoming_request"}) {
        requestName_ = candidate;
        const bool isPath = std::find(code_.pathParameters.begin(), code_.pathParameters.end(), candidate) != code_.pathParameters.end();
        if (!isPath && (!names_.count(candidate) || old.count(candidate))) return;
    }
}

std::vector<Node> HandlerPlanner::usesOf(const std::string& name) const {
    auto found = names_.find(name);
    return found == names_.end() ? std::vector<Node>{} : found->second;
}

bool HandlerPlanner::rebinds(const std::string& name) const {
    for (const Node& node : usesOf(name)) {
        const Node parent = node.parent();
        if ((parent.is("assignment") || parent.is("augmented_assignment") || parent.is("for_statement") ||
             parent.is("for_in_clause")) && parent.field("left") == node)
            return true;
        if (parent.is("pattern_list") || parent.is("as_pattern_target") || parent.is("lambda_parameters") ||
            parent.is("tuple_pattern") || parent.is("parameters") || parent.is("named_expression") ||
            parent.is("delete_statement") || parent.is("global_statement"))
            return true;
    }
    return false;
}

/// The dispatcher parsed the body before anything else: a malformed one is an error whether or not
/// the handler looks at it.
void HandlerPlanner::parseEarly() {
    if (!code_.function || !code_.takesBody) return;
    bool parsed = static_cast<bool>(shape_.parsed);
    for (const Value& value : shape_.positional) parsed = parsed || holdsJson(value);
    for (const auto& [name, value] : shape_.keywords) parsed = parsed || holdsJson(value);
    for (const auto& [name, value] : shape_.spread) parsed = parsed || holdsJson(value);
    for (const auto& [name, value] : shape_.globals) parsed = parsed || holdsJson(value);
    if (!parsed) return;
    for (const std::string& line : plan_.bodyStart)
        if (line.find(".json()") != std::string::npos || line.find("json.loads(") != std::string::npos) return;
    for (const Node& statement : code_.body.namedChildren()) {
        const bool simple = statement.is("expression_statement") || statement.is("return_statement");
        const Node part = simple ? statement : statement.is("if_statement") ? statement.field("condition") : Node{};
        for (const Access& access : accesses_)
            if (access.value->is(Kind::Json) && part.contains(access.node) && alwaysEvaluated(access.node, part) &&
                !actsBefore(part, access.node.start()))
                return;
        // What changes something before the parse would have stayed undone.
        const Node inner = simple ? statement.namedChild(0) : Node{};
        const bool harmless = statement.is("global_statement") || inner.is("string") ||
                              (inner.is("assignment") && inner.field("left").is("identifier") && !actsBefore(inner, inner.end()));
        if (!harmless) break;
    }
    plan_.usesRequest = true;
    plan_.bodyStart.push_back("await " + requestName_ + ".json()");
}

/// A value that a pattern did not take led to the answer for unknown paths.
void HandlerPlanner::guard() {
    std::vector<std::string> lines;
    for (const auto& [name, expression] : code_.guards) {
        const bool parameter = std::count(plan_.parameters.begin(), plan_.parameters.end(), name + ": str") > 0;
        if (!parameter) plan_.usesRequest = true;
        const std::string value = parameter ? name : requestName_ + ".path_params[" + pythonQuote(name) + "]";
        lines.push_back("if not re.fullmatch(r\"" + expression + "\", " + value + "):");
        lines.push_back("    raise " + context_.target().httpException.name + "(status_code=404)");
    }
    if (lines.empty()) return;
    if (!code_.function) {
        fail("path-converter", code_.guards.begin()->second);
        return;
    }
    plan_.imports.insert("re:");
    plan_.imports.insert(context_.target().httpException.module + ":" + context_.target().httpException.name);
    plan_.bodyStart.insert(plan_.bodyStart.begin(), lines.begin(), lines.end());
}

std::string targetName(const Module& module, const AppPlan& app, const catalog::TargetName& name) {
    auto import = module.imports.find(name.name);
    const bool imported = import != module.imports.end() && import->second.module != name.module;
    const bool defined = module.classNamed(name.name) || module.function(name.name) || module.assignments.count(name.name);
    if ((!imported && !defined) || app.removedNames.count({&module, name.name})) return name.name;
    return "Covet" + name.name;
}

HandlerPlan planHandler(MigrationContext& context, const HandlerCode& code, AppPlan& app) {
    return HandlerPlanner(context, code, app).plan();
}

void applyImports(MigrationContext& context, const Module& module, const AppPlan& app, const HandlerPlan& plan) {
    ModuleRewrite& rewrite = context.rewrite(module);
    const catalog::TargetProfile& target = context.target();
    auto require = [&](const catalog::TargetName& name) {
        const std::string local = targetName(module, app, name);
        rewrite.requireImport(name.module, name.name, local == name.name ? "" : local);
    };
    if (plan.usesRequest) require(target.request);
    if (plan.usesResponse) require(target.response);
    if (plan.usesRespond) rewrite.requireImport(context.importPath(module, app.helperModule), "respond");
    for (const std::string& import : plan.imports) {
        if (import == "@headers") {
            rewrite.requireImport(context.importPath(module, app.helperModule), "AnswerHeaders");
            continue;
        }
        if (import == "@routes") {
            rewrite.requireImport(context.importPath(module, app.helperModule), "registered_routes");
            continue;
        }
        const size_t colon = import.find(':');
        rewrite.requireImport(import.substr(0, colon), import.substr(colon + 1));
    }
}

} // namespace covet::rules::legacy
