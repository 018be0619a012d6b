// Before:  data = request.get_json(); page = request.args.get("page", 1, type=int)
// After:   data = await json_body(request); page = query_args(request).get("page", 1, type=int)
// Safe: the helpers read the request as Flask does, with its errors for what is no JSON or left out.
#include <algorithm>

#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

/// Whether an expression may stand here without parentheses around its `await`.
bool standsAlone(const Node& node) {
    const Node parent = node.parent();
    if (parent.is("assignment")) return parent.field("right") == node;
    return parent.is("return_statement") || parent.is("expression_statement") || parent.is("argument_list") ||
           parent.is("keyword_argument") || (parent.is("pair") && parent.field("value") == node) || parent.is("list") ||
           parent.is("named_expression");
}

class RequestPlanner {
public:
    explicit RequestPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        own_ = ownRequestAttributes(plan_);
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (isNameAlone(node)) return false;
                if (plan_.flaskName(*module, node) == "request") {
                    use(*module, node);
                    return false;
                }
                return true;
            });
        planCalls(plan_);
        for (const auto& user : plan_.requestUsers) parameter(*user.first, user.second);
    }

private:
    /// `requests.request(...)`, `log(request=...)`: something else of that name.
    static bool isNameAlone(const Node& node) {
        const Node parent = node.parent();
        return node.is("identifier") && ((parent.is("attribute") && parent.field("attribute") == node) ||
                                         (parent.is("keyword_argument") && parent.field("name") == node));
    }

    const Function* handlerOf(const Module& module, const Node& node) const {
        const Function* function = module.enclosingFunction(node);
        return function && (plan_.handlers.count(function) || plan_.errorHandlers.count(function)) ? function : nullptr;
    }

    void use(const Module& module, const Node& node) {
        const Function* function = handlerOf(module, node);
        const Node access = node.parent();
        if (isHandedOn(module, node) || isForAnswer(node) || reachesOwnRequestAttribute(node)) return handOn(module, node);
        if (!access.is("attribute") || !(access.field("object") == node))
            return plan_.refuse(module, node, "request-object", std::string(access.text().substr(0, 60)));
        if (!function) return shared(module, node, access);
        if (!part(module, *function, node, access)) return shared(module, node, access);
        plan_.requestUsers[function].insert(node.is("identifier") ? std::string(node.text()) : "request");
        plan_.claim(node);
    }

    static const std::set<std::string_view>& sharedParts() {
        static const std::set<std::string_view> kParts = {
            "method", "path", "args", "form", "values", "content_type", "mimetype", "is_json", "json", "get_json", "get_data", "data",
            "headers", "remote_addr", "host", "host_url", "url_root", "base_url", "full_path", "url", "files", "cookies", "authorization",
            "query_string", "content_length", "referrer", "user_agent", "scheme", "is_secure", "accept_mimetypes", "if_none_match"};
        return kParts;
    }

    /// `validate(request)`, where the function of the project only reads what the helper's request has, too.
    bool isHandedOn(const Module& module, const Node& node) const {
        const Node list = node.parent(), call = list.parent();
        if (!list.is("argument_list") || !call.is("call")) return false;
        const semantic::Symbol& symbol = plan_.project().resolve(module, call.field("function"));
        const Function* callee = symbol.module ? symbol.module->function(symbol.name) : nullptr;
        if (!callee) return false;
        size_t at = 0;
        for (const Node& argument : list.namedChildren()) {
            if (argument == node) break;
            if (argument.is("keyword_argument") || argument.is("list_splat")) return false;
            ++at;
        }
        const std::vector<Node> parameters = callee->node.field("parameters").namedChildren();
        if (at >= parameters.size()) return false;
        const std::string name = parameterName(parameters[at]);
        bool reads = !name.empty() && !parameters[at].is("list_splat_pattern");
        syntax::walk(callee->node.field("body"), [&](const Node& inner) {
            if (!inner.is("identifier") || inner.text() != name) return reads;
            const Node outer = inner.parent();
            if (outer.is("keyword_argument") && outer.field("name") == inner) return reads;
            if (outer.is("attribute") && outer.field("attribute") == inner) return reads;
            const bool written = outer.parent().is("assignment") && outer.parent().field("left") == outer;
            reads = reads && outer.is("attribute") && outer.field("object") == inner && ((sharedParts().count(outer.field("attribute").text()) && !written) || own_.count(outer.field("attribute").text()));
            return reads;
        });
        return reads;
    }

    /// `response.make_conditional(request)`
    static bool isForAnswer(const Node& node) {
        const Node callee = node.parent().is("argument_list") ? node.parent().parent().field("function") : Node{};
        return callee.is("attribute") && callee.field("attribute").text() == "make_conditional" && node.parent().namedChild(0) == node;
    }

    void handOn(const Module& module, const Node& node) {
        plan_.claim(node);
        plan_.sharesRequest = true;
        replace(module, node, plan_.helper(module, "current_request"));
    }

    /// Code that is no handler, or that cannot wait, reads the request that is being answered.
    void shared(const Module& module, const Node& node, const Node& access) {
        const Node outer = access.parent();
        const std::string_view name = access.field("attribute").text();
        if (own_.count(name)) return handOn(module, node);
        if ((!sharedParts().count(name) && !isRoutePart(plan_, module, access)) ||
            ((outer.is("assignment") || outer.is("augmented_assignment")) && outer.field("left") == access))
            return plan_.refuse(module, access, "request-part", std::string(access.text()));
        plan_.claim(node);
        plan_.sharesRequest = true;
        plan_.readsFiles = plan_.readsFiles || name == "files";
        replace(module, node, plan_.helper(module, "current_request"));
    }

    void replace(const Module& module, const Node& node, const std::string& text) {
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    bool awaited(const Module& module, const Function& function, const Node& node, const std::string& text) {
        if (!mayAwait(module, node, function)) return false;
        replace(module, node, standsAlone(node) ? "await " + text : "(await " + text + ")");
        return true;
    }

    bool part(const Module& module, const Function& function, const Node& node, const Node& access) {
        const std::string request(node.is("identifier") ? node.text() : std::string_view("request"));
        const std::string_view name = access.field("attribute").text();
        const Node outer = access.parent();
        const bool isCall = outer.is("call") && outer.field("function") == access;
        if ((outer.is("assignment") || outer.is("augmented_assignment")) && outer.field("left") == access) return false;
        if (name == "json") return awaited(module, function, access, plan_.helper(module, "json_body") + "(" + request + ")");
        if (name == "get_json" && isCall) return getJson(module, function, outer, request);
        if (name == "args") return replace(module, access, plan_.helper(module, "query_args") + "(" + request + ")"), true;
        if (name == "form") return awaited(module, function, access, plan_.helper(module, "form_values") + "(" + request + ")");
        if (name == "files") return awaited(module, function, access, plan_.helper(module, "file_fields") + "(" + request + ")");
        if (name == "data") return awaited(module, function, access, bodyOf(module, request));
        if (name == "get_data" && isCall) return getData(module, function, outer, request);
        if (name == "is_json") return replace(module, access, plan_.helper(module, "is_json") + "(" + request + ")"), true;
        if (name == "path" && plan_.errorHandlers.count(&function))
            return replace(module, access, plan_.helper(module, "path_of") + "(" + request + ")"), true;
        if (name == "path") return replace(module, access, request + ".scope[\"path\"]"), true;
        if (name == "method") {
            if (!answersHead(function) || !asksForHead(access)) return keep(module, node, request);
            return replace(module, access, plan_.helper(module, "method_of") + "(" + request + ")"), true;
        }
        if (name == "content_type") return replace(module, access, request + ".headers.get(\"content-type\")"), true;
        if (name == "remote_addr") return replace(module, access, request + ".scope[\"client\"][0]"), true;
        if (name == "headers" || name == "cookies") return lookUp(module, node, access, outer, request);
        return false;
    }

    /// Whether a function gets requests with HEAD under the name of GET.
    bool answersHead(const Function& function) const {
        return plan_.errorHandlers.count(&function) > 0 ||
               std::any_of(plan_.reading.sites.begin(), plan_.reading.sites.end(), [&](const Site& site) {
                   return site.function == &function && std::count(site.methods.begin(), site.methods.end(), "GET") > 0;
               });
    }

    /// Whether it matters that HEAD is answered as GET: unless the method is compared with others alone.
    static bool asksForHead(const Node& access) {
        const Node outer = access.parent();
        if (!outer.is("comparison_operator")) return true;
        bool other = true;
        for (const Node& side : outer.namedChildren()) {
            if (side == access) continue;
            const std::vector<Node> items = side.is("tuple") || side.is("list") || side.is("set") ? side.namedChildren() : std::vector<Node>{side};
            for (const Node& item : items)
                other = other && item.is("string") && item.namedChildCount() == 3 && item.namedChild(1).text() != "GET" && item.namedChild(1).text() != "HEAD";
        }
        return !other;
    }

    bool keep(const Module& module, const Node& node, const std::string& request) {
        if (!node.is("identifier")) replace(module, node, request);
        return true;
    }

    /// `request.headers["X"]`, `.get("X")`, `"X" in request.headers`
    bool lookUp(const Module& module, const Node& node, const Node& access, const Node& outer, const std::string& request) {
        if (outer.is("subscript") && outer.field("value") == access) return keep(module, node, request);
        if (outer.is("comparison_operator")) return keep(module, node, request);
        const bool get = outer.is("attribute") && outer.field("attribute").text() == "get" && outer.parent().is("call");
        if (!get) return false;
        for (const Node& argument : outer.parent().field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() == "type") return false;
        return keep(module, node, request);
    }

    bool getJson(const Module& module, const Function& function, const Node& call, const std::string& request) {
        std::string text = plan_.helper(module, "json_body") + "(" + request;
        int position = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            const std::string name(named ? argument.field("name").text() : position == 0 ? "force" : position == 1 ? "silent" : "cache");
            if (!named) ++position;
            if (name == "cache") continue;
            const std::string value((named ? argument.field("value") : argument).text());
            if (name != "force" && name != "silent") return false;
            if (value != "False") text += ", " + name + "=" + value;
        }
        return awaited(module, function, call, text + ")");
    }

    /// How a handler gets the bytes of a body, which may be longer than the application wants.
    std::string bodyOf(const Module& module, const std::string& request) {
        bool limited = false;
        for (const Module* one : plan_.modules) limited = limited || one->tree->text().find("MAX_CONTENT_LENGTH") != std::string_view::npos;
        return limited ? plan_.helper(module, "body_bytes") + "(" + request + ")" : request + ".body()";
    }

    bool getData(const Module& module, const Function& function, const Node& call, const std::string& request) {
        bool text = false;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (!argument.is("keyword_argument")) return false;
            if (argument.field("name").text() == "as_text") text = argument.field("value").is("true");
        }
        if (!text) return awaited(module, function, call, bodyOf(module, request));
        if (!mayAwait(module, call, function)) return false;
        replace(module, call, "(await " + bodyOf(module, request) + ").decode(\"utf-8\", \"replace\")");
        return true;
    }

    void parameter(const Function& function, const std::set<std::string>& names) {
        const Module* module = plan_.handlers.count(&function) ? plan_.handlers[&function] : plan_.errorHandlers[&function];
        const std::string& name = *names.begin();
        if (names.size() > 1 || function.locals.count(name))
            return plan_.refuse(*module, function.node.field("name"), "request-name", name);
        if (plan_.errorHandlers.count(&function)) return; // has one
        SignatureEdits& signatures = plan_.context.signatures(*module);
        const std::string text = name + ": " + plan_.target(*module, plan_.context.target().request);
        const Function* kept = &function;
        const bool behind = !givenParameters(plan_.project(), *module, function).empty(); // those come by position
        plan_.later([&signatures, kept, text, behind] {
            if (behind) signatures.addParameter(*kept, text);
            else signatures.prependParameter(*kept, text);
        });
    }

    Plan& plan_;
    std::set<std::string, std::less<>> own_; // attributes that the project gives to requests
};

} // namespace

void planRequests(Plan& plan) { RequestPlanner(plan).run(); }

} // namespace covet::rules::flask
