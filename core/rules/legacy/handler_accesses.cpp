#include "rules/legacy/handler_planner.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "rules/legacy/registration.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

} // namespace

bool awaitForbidden(const Node& node, const Node& body) {
    for (Node current = node.parent(); current && !(current == body); current = current.parent())
        if (current.is("lambda") || current.is("generator_expression") || current.is("function_definition")) {
            // The first iterable of a generator is evaluated outside of it.
            if (current.is("generator_expression")) {
                Node clause;
                for (const Node& child : current.namedChildren())
                    if (child.is("for_in_clause")) {
                        clause = child;
                        break;
                    }
                if (clause.field("right").contains(node)) continue;
            }
            return true;
        }
    return false;
}

bool isStoreTarget(const Node& node) {
    Node current = node;
    Node parent = current.parent();
    while (parent.is("subscript") && parent.field("value") == current) {
        current = parent;
        parent = current.parent();
    }
    return ((parent.is("assignment") || parent.is("augmented_assignment")) && parent.field("left") == current) ||
           parent.is("delete_statement");
}

/// Request state that the dispatcher keeps in module globals.
void HandlerPlanner::rewriteGlobals() {
    // No structured binding: Clang 14 cannot capture one in a lambda.
    for (const auto& global : shape_.globals) {
        const auto& id = global.first;
        const auto& value = global.second;
        const size_t bracket = id.find('[');
        const std::string container = id.substr(0, bracket);
        const std::string key = bracket == std::string::npos ? "" : id.substr(bracket + 1, id.size() - bracket - 2);
        const std::string variable = container.substr(container.find(':') + 1);
        syntax::walk(code_.body, [&](const Node& node) {
            if (!node.is("identifier") && !node.is("attribute")) return true;
            if (node.text() != variable && !endsWith(std::string(node.text()), "." + variable)) return true;
            if (containerId(context_.project(), *code_.module, node) != container) return true;
            Node access = node;
            if (bracket != std::string::npos) {
                const Node parent = node.parent();
                std::string used;
                if (parent.is("subscript") && parent.field("value") == node &&
                    literalText(std::string(parent.field("subscript").text()), used)) {
                    access = parent;
                } else if (parent.is("attribute") && parent.field("attribute").text() == "get" && parent.parent().is("call")) {
                    const std::vector<Node> arguments = parent.parent().field("arguments").namedChildren();
                    if (!arguments.empty()) (void)literalText(std::string(arguments[0].text()), used);
                    access = parent.parent();
                } else {
                    fail("request-state", std::string(parent.text()));
                    return false;
                }
                if (used != key) {
                    bool known = false;
                    for (const auto& [other, unused] : shape_.globals) known = known || other == container + "[" + used + "]";
                    if (!known) fail("request-state", used);
                    return false;
                }
            }
            accesses_.push_back({access, value});
            return false;
        });
    }
    // The table of routes itself.
    const std::string variable = app_.registryId.substr(app_.registryId.find(':') + 1);
    syntax::walk(code_.body, [&](const Node& node) {
        if ((node.is("identifier") || node.is("attribute")) &&
            (node.text() == variable || endsWith(std::string(node.text()), "." + variable)) &&
            containerId(context_.project(), *code_.module, node) == app_.registryId && !node.parent().is("attribute"))
            tableUses_.push_back(node);
        return true;
    });
}

void HandlerPlanner::replace(const Node& node, const std::string& text) {
    ModuleRewrite& rewrite = context_.rewrite(*code_.module);
    plan_.actions.push_back([&rewrite, node, text] { rewrite.replace(node, text); });
}

/// Writes every access; what has to be awaited where that is not possible is read once before.
void HandlerPlanner::settleAwaits() {
    const PartNames names = partNames();
    std::map<std::string, std::string> hoisted; // text -> name
    for (const Access& access : accesses_) {
        if (access.value->is(Kind::Params)) continue;
        std::optional<PartText> part = partText(access.value, names);
        if (!part) {
            fail("request-not-understood", std::string(access.node.text()));
            return;
        }
        if (part->awaits && awaitForbidden(access.node, code_.body) && !hoisted.count(part->text)) {
            if (!code_.function) {
                fail("lambda-request", std::string(access.node.text()));
                return;
            }
            std::string name = freeName({"body", "payload", "data", "request_body"});
            hoisted[part->text] = name;
            plan_.bodyStart.push_back(name + " = " + (startsWith(part->text, "(await ") ? part->text.substr(1, part->text.size() - 2) : part->text));
        }
    }
    for (const Access& access : accesses_) {
        if (access.value->is(Kind::Params)) {
            writeParams(access);
            continue;
        }
        PartText part = *partText(access.value, names);
        plan_.usesRequest = plan_.usesRequest || part.usesRequest;
        auto known = hoisted.find(part.text);
        if (known != hoisted.end()) {
            replace(access.node, known->second);
            continue;
        }
        plan_.imports.insert(part.imports.begin(), part.imports.end());
        const Node parent = access.node.parent();
        if (bindsLooser(access.value, access.node)) part.text = "(" + part.text + ")";
        // Headers are looked up, not copied, where they are only looked at.
        if (access.value->is(Kind::Headers) && (parent.is("subscript") || parent.is("attribute")))
            part.text = requestName_ + ".headers";
        // `await` binds tighter than all but what follows a primary.
        const bool tight = parent.is("attribute") || (parent.is("subscript") && parent.field("value") == access.node) ||
                           (parent.is("call") && parent.field("function") == access.node) || parent.is("unary_operator") ||
                           (parent.is("binary_operator") && parent.field("operator").text() == "**") || parent.is("await") ||
                           parent.is("parenthesized_expression");
        if ((!tight || parent.is("parenthesized_expression")) && (part.text == "(await " + requestName_ + ".json())" || part.text == "(await " + requestName_ + ".body())"))
            part.text = part.text.substr(1, part.text.size() - 2);
        replace(access.node, part.text);
    }
    for (const Node& node : tableUses_) {
        if (isStoreTarget(node)) {
            fail("registry-changed", std::string(node.text()));
            return;
        }
        app_.needsRoutes = true;
        plan_.imports.insert("@routes");
        replace(node, "registered_routes(" + app_.appName + ")");
    }
}

std::string HandlerPlanner::freeName(std::vector<std::string> candidates) {
    for (const std::string& candidate : candidates)
        if (!names_.count(candidate) && !code_.module->imports.count(candidate) && !code_.module->assignments.count(candidate)) {
            names_[candidate];
            return candidate;
        }
    std::string name = candidates.back() + "_";
    while (names_.count(name)) name += "_";
    names_[name];
    return name;
}

/// Whether a path parameter can be a parameter of that name: nothing else has it.
bool HandlerPlanner::isFree(const std::string& name) {
    if (!isPythonIdentifier(name) || isPythonKeyword(name) || name == requestName_ || !code_.sameParameters || code_.wrapped || !code_.target.empty())
        return false;
    if (std::find(code_.pathParameters.begin(), code_.pathParameters.end(), name) == code_.pathParameters.end()) return false;
    if (std::count(old_.begin(), old_.end(), name) && !kept_.count(name)) return usesOf(name).empty();
    const std::vector<Node> uses = usesOf(name);
    if (uses.empty()) return true;
    // `item_id = int(request["params"]["item_id"])` reads it once and then takes its name over.
    size_t reads = 0;
    const Access* only = nullptr;
    for (const Access& access : accesses_)
        if (access.value->is(Kind::Params)) {
            const Node key = keyOf(access);
            std::string text;
            if (key && literalText(std::string(key.text()), text) && text == name) {
                ++reads;
                only = &access;
            }
        }
    if (reads != 1 || !code_.function || !code_.function->locals.count(name)) return false;
    const Node statement = facts::statementOf(only->node);
    const Node first = uses[0].parent();
    return first.is("assignment") && first.field("left") == uses[0] && first.field("right").contains(only->node) &&
           statement.contains(first) && !awaitForbidden(only->node, code_.body);
}

Node HandlerPlanner::keyOf(const Access& access) {
    const Node parent = access.node.parent();
    if (parent.is("subscript") && parent.field("value") == access.node) return parent.field("subscript");
    if (parent.is("attribute") && parent.field("object") == access.node && parent.field("attribute").text() == "get" &&
        parent.parent().is("call"))
        return parent.parent().field("arguments").namedChild(0);
    return {};
}

void HandlerPlanner::writeParams(const Access& access) {
    const Node key = keyOf(access);
    std::string name;
    const bool named = key && literalText(std::string(key.text()), name);
    const Node parent = access.node.parent();
    // A match object is no dict: its groups can be had by key only.
    if (access.value->text == "match" && !(named && parent.is("subscript"))) {
        fail("request-not-understood", std::string(parent.text()));
        return;
    }
    if (named && isFree(name)) {
        const Node whole = parent.is("subscript") ? parent : parent.parent();
        replace(whole, name);
        return;
    }
    plan_.usesRequest = true;
    replace(access.node, requestName_ + ".path_params");
}

void HandlerPlanner::addPathParameter(const std::string& name) {
    // One that is not read, or read from path_params, need not be a parameter.
    bool read = kept_.count(name) > 0;
    for (const Access& access : accesses_) {
        if (!access.value->is(Kind::Params)) continue;
        const Node key = keyOf(access);
        std::string text;
        if (key && literalText(std::string(key.text()), text) && text == name) read = read || isFree(name);
    }
    if (read || (tailUsed_ && name == code_.pathTail)) plan_.parameters.push_back(name + ": str");
}

} // namespace covet::rules::legacy
