// Before:  def get_item(request): item_id = int(request["params"]["item_id"])
// After:   async def get_item(item_id: str): item_id = int(item_id)
// Safe: each part of the request is read from where the dispatcher took it, with the value it had.
#include "rules/legacy/handler_rewrite.h"

#include <algorithm>

#include "facts/reference_context.h"
#include "rules/legacy/part_text.h"
#include "rules/legacy/registration.h"
#include "semantic/module_index.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Kind = Sym::Kind;

/// Innermost lambda, generator or nested function between a node and the body of the handler.
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

class Planner {
public:
    Planner(MigrationContext& context, const HandlerCode& code, AppPlan& app)
        : context_(context)
        , code_(code)
        , app_(app)
        , shape_(code.shape ? *code.shape : *app.shape) {}

    HandlerPlan plan() {
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

private:
    struct Access {
        Node node;
        Value value;
    };

    HandlerPlan refused(const std::string& reason, const std::string& detail) {
        plan_.unclear = reason;
        plan_.detail = detail;
        return std::move(plan_);
    }

    bool fail(const std::string& reason, const std::string& detail) {
        if (plan_.unclear.empty()) {
            plan_.unclear = reason;
            plan_.detail = detail;
        }
        return false;
    }

    bool yields() const {
        bool found = false;
        syntax::walk(code_.body, [&](const Node& node) {
            if (node.is("function_definition") || node.is("lambda")) return false;
            found = found || node.is("yield");
            return !found;
        });
        return found;
    }

    void collectNames() {
        syntax::walk(code_.body, [&](const Node& node) {
            if (!node.is("identifier")) return true;
            const Node parent = node.parent();
            if (parent.is("attribute") && parent.field("attribute") == node) return true;
            if (parent.is("keyword_argument") && parent.field("name") == node) return true;
            names_[std::string(node.text())].push_back(node);
            return true;
        });
    }

    void chooseRequestName() {
        std::set<std::string> old;
        for (const Node& parameter : code_.parameters.namedChildren()) old.insert(parameterName(parameter));
        for (const char* candidate : {"request", "http_request", "incoming_request"}) {
            requestName_ = candidate;
            const bool isPath = std::find(code_.pathParameters.begin(), code_.pathParameters.end(), candidate) != code_.pathParameters.end();
            if (!isPath && (!names_.count(candidate) || old.count(candidate))) return;
        }
    }

    std::vector<Node> usesOf(const std::string& name) const {
        auto found = names_.find(name);
        return found == names_.end() ? std::vector<Node>{} : found->second;
    }

    bool rebinds(const std::string& name) const {
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

    bool bindParameters() {
        size_t next = 0;
        bool first = true;
        for (const Node& parameter : code_.parameters.namedChildren()) {
            const std::string name = parameterName(parameter);
            if (first && code_.function && !code_.function->className.empty()) return fail("method-handler", name);
            first = false;
            if (parameter.is("list_splat_pattern") || parameter.is("dictionary_splat_pattern") || name.empty() ||
                (parameter.is("typed_parameter") && !parameter.namedChild(0).is("identifier"))) {
                if (usesOf(name).empty() && !name.empty()) {
                    old_.push_back(name);
                    continue;
                }
                return fail("handler-parameters", std::string(parameter.text()));
            }
            old_.push_back(name);
            Value value;
            for (const auto& [keyword, given] : shape_.keywords)
                if (keyword == name) value = given;
            if (!value && next < shape_.positional.size()) value = shape_.positional[next++];
            if (!value)
                for (const auto& [key, given] : shape_.spread)
                    if (key == name && (code_.takesBody || !parameter.field("value"))) value = given;
            if (value) {
                if (!bindParameter(name, value)) return false;
                continue;
            }
            const bool isPath = std::find(code_.pathParameters.begin(), code_.pathParameters.end(), name) != code_.pathParameters.end();
            if (shape_.spreadsParams && isPath) {
                kept_.insert(name);
                continue;
            }
            if (parameter.field("value")) {
                plan_.bodyStart.push_back(name + " = " + std::string(parameter.field("value").text()));
                continue;
            }
            return fail("handler-parameters", name);
        }
        return plan_.unclear.empty();
    }

    /// The request that a wrapper hands to the function it stands around.
    bool passesOn(const Node& use) const {
        const Node call = use.parent().parent();
        return !code_.target.empty() && use.parent().is("argument_list") && call.is("call") && call.field("function").text() == code_.target &&
               use.parent().namedChildCount() == 1;
    }

    /// The function that a wrapper calls has become asynchronous; what it gives is an answer already,
    /// which the wrapper may only give back.
    bool awaitTarget() {
        for (const Node& use : usesOf(code_.target)) {
            const Node call = use.parent();
            if (call.is("argument_list")) {
                // `inspect.iscoroutinefunction(handler)`
                const std::string asked(call.parent().field("function").text());
                if (endsWith(asked, "iscoroutinefunction") || asked == "callable") continue;
            }
            if (!call.is("call") || !(call.field("function") == use) || awaitForbidden(call, code_.body))
                return fail("decorated-handler", std::string(call.text()));
            Node value = call.parent().is("await") ? call.parent() : call;
            while (value.parent().is("conditional_expression") || value.parent().is("parenthesized_expression")) value = value.parent();
            const Node outer = value.parent();
            const bool kept = outer.is("assignment") && outer.field("left").is("identifier") && outer.field("right") == value;
            if (!kept && !outer.is("return_statement")) return fail("decorated-handler", std::string(outer.text()));
            if (kept)
                for (const Node& later : usesOf(std::string(outer.field("left").text()))) {
                    const Node where = later.parent();
                    const bool asked = where.is("argument_list") && endsWith(std::string(where.parent().field("function").text()), "isawaitable");
                    if (!where.is("return_statement") && !where.is("assignment") && !where.is("await") && !asked)
                        return fail("decorated-handler", std::string(where.text()));
                }
            if (!call.parent().is("await")) {
                ModuleRewrite& rewrite = context_.rewrite(*code_.module);
                plan_.actions.push_back([&rewrite, call] { rewrite.wrap(call, "await ", ""); });
            }
        }
        return true;
    }

    bool bindParameter(const std::string& name, const Value& value) {
        const std::vector<Node> uses = usesOf(name);
        if (uses.empty()) return true;
        std::vector<Access> accesses;
        bool golden = !rebinds(name);
        if (value->is(Kind::Dict) || value->is(Kind::Instance)) {
            for (const Node& use : uses) {
                if (passesOn(use)) passed_.push_back(use);
                else golden = golden && partAccess(use, value, accesses);
            }
        } else if (value->is(Kind::Json) || value->is(Kind::Body) || value->is(Kind::BodyText) || value->is(Kind::Expr) ||
                   value->is(Kind::PathTail)) {
            golden = false; // read once, under the name it had
        } else {
            for (const Node& use : uses) {
                golden = golden && !isStoreTarget(use);
                accesses.push_back({use, value});
            }
        }
        if (golden)
            for (const Access& access : accesses) golden = golden && isWritable(access.value);
        if (!golden && !code_.target.empty()) return fail("decorated-handler", name);
        if (!golden) return whole(name, value);
        for (const Node& use : passed_)
            if (use.text() != requestName_) replace(use, requestName_);
        accesses_.insert(accesses_.end(), accesses.begin(), accesses.end());
        return true;
    }

    PartNames partNames() const { return {requestName_, "exc", code_.pathTail, code_.pathPrefix, code_.module}; }

    bool isWritable(const Value& value) {
        const PartNames names = partNames();
        return value->is(Kind::Params) || partText(value, names).has_value();
    }

    /// `request["json"]`, `request.get("json")`, `request.json` of a use of the whole request.
    bool partAccess(const Node& use, const Value& value, std::vector<Access>& out) {
        const Node parent = use.parent();
        std::string key;
        Node access;
        if (value->is(Kind::Dict) && parent.is("subscript") && parent.field("value") == use) {
            const std::vector<Node> keys = parent.fields("subscript");
            if (keys.size() != 1 || !literalText(std::string(keys[0].text()), key)) return false;
            access = parent;
        } else if (value->is(Kind::Dict) && parent.is("attribute") && parent.field("object") == use &&
                   parent.field("attribute").text() == "get" && parent.parent().is("call")) {
            const std::vector<Node> arguments = parent.parent().field("arguments").namedChildren();
            if (arguments.empty() || !literalText(std::string(arguments[0].text()), key)) return false;
            access = parent.parent();
        } else if (value->is(Kind::Instance) && parent.is("attribute") && parent.field("object") == use) {
            key = std::string(parent.field("attribute").text());
            access = parent;
            if (!value->entry(key) && value->entry(key + "@")) {
                key += "@";
            } else if (parent.parent().is("call") && parent.parent().field("function") == parent && !value->entry(key)) {
                access = parent.parent();
                if (access.field("arguments").namedChildCount() > 0) return false;
                key += "()";
                if (access.parent().is("await")) access = access.parent();
            }
        } else {
            return false;
        }
        const Value* entry = value->entry(key);
        if (!entry) return false;
        const Node outer = access.parent();
        if ((outer.is("assignment") || outer.is("augmented_assignment")) && outer.field("left") == access) return false;
        if (outer.is("delete_statement")) return false;
        // Query and headers of the target are made anew at each access.
        if (!(*entry)->is(Kind::Json) && isStoreTarget(access)) return false;
        out.push_back({access, *entry});
        return true;
    }

    /// The value as a whole, under its old name, at the start of the body.
    bool whole(const std::string& name, const Value& value) {
        const PartNames names = partNames();
        if (!code_.function) return fail("lambda-request", name);
        Value written = value;
        if (value->is(Kind::Instance)) return fail("request-object", name);
        std::optional<PartText> part = partText(written, names);
        if (!part) return fail("request-not-understood", name);
        std::string text = part->text;
        if (part->awaits && startsWith(text, "(await ") && endsWith(text, ")") && (value->is(Kind::Json) || value->is(Kind::Body)))
            text = text.substr(1, text.size() - 2);
        if (mentionsTail(written)) tailUsed_ = true;
        if (text != name) plan_.bodyStart.push_back(name + " = " + text);
        plan_.usesRequest = plan_.usesRequest || part->usesRequest;
        plan_.imports.insert(part->imports.begin(), part->imports.end());
        return true;
    }

    static bool holdsJson(const Value& value) {
        if (value->is(Kind::Json)) return true;
        for (const auto& [name, item] : value->entries)
            if (!endsWith(name, "()") && !endsWith(name, "@") && holdsJson(item)) return true;
        return false;
    }

    /// The dispatcher parsed the body before anything else: a malformed one is an error whether or not
    /// the handler looks at it.
    void parseEarly() {
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
                if (access.value->is(Kind::Json) && part.contains(access.node)) return;
            // What changes something before the parse would have stayed undone.
            const Node inner = simple ? statement.namedChild(0) : Node{};
            const bool harmless = statement.is("global_statement") || inner.is("string") ||
                                  (inner.is("assignment") && inner.field("left").is("identifier"));
            if (!harmless) break;
        }
        plan_.usesRequest = true;
        plan_.bodyStart.push_back("await " + requestName_ + ".json()");
    }

    /// A value that a pattern did not take led to the answer for unknown paths.
    void guard() {
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

    bool mentionsTail(const Value& value) const {
        if (value->is(Kind::PathTail) || (value->is(Kind::Expr) && holdsPathTail(*value, code_.pathPrefix))) return true;
        for (const Value& item : value->items)
            if (mentionsTail(item)) return true;
        for (const auto& [name, item] : value->entries)
            if (mentionsTail(item)) return true;
        return false;
    }

    /// Request state that the dispatcher keeps in module globals.
    void rewriteGlobals() {
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

    void replace(const Node& node, const std::string& text) {
        ModuleRewrite& rewrite = context_.rewrite(*code_.module);
        plan_.actions.push_back([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// Writes every access; what has to be awaited where that is not possible is read once before.
    void settleAwaits() {
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

    std::string freeName(std::vector<std::string> candidates) {
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
    bool isFree(const std::string& name) {
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

    static Node keyOf(const Access& access) {
        const Node parent = access.node.parent();
        if (parent.is("subscript") && parent.field("value") == access.node) return parent.field("subscript");
        if (parent.is("attribute") && parent.field("object") == access.node && parent.field("attribute").text() == "get" &&
            parent.parent().is("call"))
            return parent.parent().field("arguments").namedChild(0);
        return {};
    }

    void writeParams(const Access& access) {
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

    void addPathParameter(const std::string& name) {
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

    MigrationContext& context_;
    const HandlerCode& code_;
    AppPlan& app_;
    const DispatchShape& shape_;
    HandlerPlan plan_;
    std::map<std::string, std::vector<Node>> names_;
    std::vector<std::string> old_;
    std::set<std::string> kept_;
    std::string requestName_;
    std::vector<Access> accesses_;
    std::vector<Node> tableUses_;
    std::vector<Node> passed_;
    bool tailUsed_ = false;
};

} // namespace

std::string targetName(const Module& module, const AppPlan& app, const catalog::TargetName& name) {
    auto import = module.imports.find(name.name);
    const bool imported = import != module.imports.end() && import->second.module != name.module;
    const bool defined = module.classNamed(name.name) || module.function(name.name) || module.assignments.count(name.name);
    if ((!imported && !defined) || app.removedNames.count({&module, name.name})) return name.name;
    return "Covet" + name.name;
}

HandlerPlan planHandler(MigrationContext& context, const HandlerCode& code, AppPlan& app) {
    return Planner(context, code, app).plan();
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
