// Before:  return jsonify({"book": book}), 201        abort(404, "no such book")
// After:   return Response(data={"book": book}, status_code=201)
//          raise HTTPException(status_code=404, detail="no such book")
// Safe: Response writes JSON as Flask does; what is not known to be a body goes through answer(), which
// decides at run time as Flask does.
#include "rules/frameworks/flask/flask_app.h"
#include "rules/legacy/return_forms.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

bool isText(const Node& node) {
    if (node.is("string") || node.is("concatenated_string")) return true;
    if (node.is("parenthesized_expression")) return isText(node.namedChildren()[0]);
    if (node.is("binary_operator")) {
        const std::string_view sign = node.field("operator").text();
        if (sign == "%") return isText(node.field("left"));
        return sign == "+" && (isText(node.field("left")) || isText(node.field("right")));
    }
    if (!node.is("call")) return false;
    const Node callee = node.field("function");
    return callee.text() == "str" || (callee.is("attribute") && callee.field("object").is("string") &&
                                      (callee.field("attribute").text() == "format" || callee.field("attribute").text() == "join"));
}

bool isJson(const Node& node) {
    return node.is("dictionary") || node.is("list") || node.is("dictionary_comprehension") || node.is("list_comprehension");
}

/// Text of a status that is known to be a number; "" if it is not.
std::string statusText(const Node& node) {
    if (node.is("integer")) return std::string(node.text());
    if (node.is("attribute") && startsWith(std::string(node.text()), "HTTPStatus.")) return std::string(node.text());
    if (node.is("string") && node.namedChildCount() == 3) {
        const std::string_view content = node.namedChild(1).text();
        if (content.size() >= 3 && content.find_first_not_of("0123456789") >= 3 && (content.size() == 3 || content[3] == ' '))
            return std::string(content.substr(0, 3));
    }
    return "";
}

bool leaves(const Node& statement);

bool blockLeaves(const Node& block) {
    const std::vector<Node> statements = block.namedChildren();
    return !statements.empty() && leaves(statements.back());
}

/// Whether control never goes on behind a statement.
bool leaves(const Node& statement) {
    if (statement.is("return_statement") || statement.is("raise_statement")) return true;
    if (statement.is("expression_statement")) {
        const Node call = statement.namedChild(0);
        return call.is("call") && call.field("function").text() == "abort";
    }
    if (statement.is("with_statement")) return blockLeaves(statement.field("body"));
    if (statement.is("if_statement")) {
        bool otherwise = false;
        if (!blockLeaves(statement.field("consequence"))) return false;
        for (const Node& part : statement.fields("alternative")) {
            if (!blockLeaves(part.is("else_clause") ? part.field("body") : part.field("consequence"))) return false;
            otherwise = otherwise || part.is("else_clause");
        }
        return otherwise;
    }
    if (!statement.is("try_statement")) return false;
    bool body = blockLeaves(statement.field("body")), handlers = true;
    for (const Node& part : statement.namedChildren()) {
        const std::vector<Node> inner = part.namedChildren();
        if (part.is("except_clause")) handlers = handlers && !inner.empty() && blockLeaves(inner.back());
        if (part.is("else_clause")) body = body || blockLeaves(part.field("body"));
        if (part.is("finally_clause") && !inner.empty() && blockLeaves(inner.back())) return true;
    }
    return body && handlers;
}

class AnswerPlanner {
public:
    explicit AnswerPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                plan_.readsErrors = plan_.readsErrors || (node.is("except_clause") && isBroad(*module, node));
                return !plan_.readsErrors;
            });
        for (const auto& handler : plan_.handlers)
            if (!plan_.resources.count(handler.first)) returns(*handler.second, *handler.first);
        for (const auto& handler : plan_.errorHandlers) returns(*handler.second, *handler.first);
        for (const auto& hook : plan_.hooks) mayAnswer(*hook.second, *hook.first, {});
        for (const auto& wrapper : plan_.wrappers)
            if (!plan_.resourceWrappers.count(wrapper.first))
                mayAnswer(*wrapper.second.first, *wrapper.first, wrapper.second.second);
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                name(*module, node);
                return true;
            });
    }

private:
    void replace(const Module& module, const Node& node, ModuleRewrite::Render render) {
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, node, render] { rewrite.replace(node, render); });
    }

    void wrap(const Module& module, const Node& node, const std::string& before, const std::string& after) {
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, node, before, after] { rewrite.wrap(node, before, after); });
    }

    bool isCallOf(const Module& module, const Node& node, std::string_view name) const {
        return node.is("call") && plan_.flaskName(module, node.field("function")) == name;
    }

    // -- what handlers return --------------------------------------------------------------------

    void returns(const Module& module, const Function& function) {
        const Node body = function.node.field("body");
        bool yields = false;
        syntax::walk(body, [&](const Node& node) {
            yields = yields || node.is("yield");
            return !yields && !node.is("function_definition") && !node.is("lambda");
        });
        if (yields) return plan_.refuse(module, function.node.field("name"), "streamed-answer", function.qualified);
        for (const Node& statement : legacy::returnsOf(body)) {
            const std::vector<Node> values = statement.namedChildren();
            if (!values.empty()) {
                convert(module, values[0]);
                continue;
            }
            const std::string text = "return " + plan_.helper(module, "answer") + "(None)";
            replace(module, statement, [text](const ModuleRewrite&) { return text; });
        }
        if (blockLeaves(body)) return;
        // Flask takes the end of a handler for a mistake.
        const std::string indent = plan_.rewrite(module).indentOf(body.namedChildren()[0]);
        wrap(module, body, "", "\n" + indent + "return " + plan_.helper(module, "answer") + "(None)");
    }

    /// Functions around handlers: what they return is an answer, unless it is nothing or what a handler gave.
    void mayAnswer(const Module& module, const Function& function, const std::set<std::string>& inner) {
        for (const Statement& one : returnedBy(module, function)) {
            const bool passed = one.value.is("call") && inner.count(std::string(one.value.field("function").text()));
            const bool name = one.value.is("identifier") || one.value.is("none");
            if (!passed && !name) convert(module, one.value);
        }
    }

    struct Statement {
        Node node, value;
    };

    static std::vector<Statement> returnedBy(const Module& module, const Function& function) {
        std::vector<Statement> found;
        for (const Node& statement : legacy::returnsOf(function.node.field("body"))) {
            const std::vector<Node> values = statement.namedChildren();
            if (!values.empty() && module.enclosingFunction(statement) == &function) found.push_back({statement, values[0]});
        }
        return found;
    }

    void convert(const Module& module, const Node& node) {
        if (node.is("parenthesized_expression")) return convert(module, node.namedChildren()[0]);
        if (node.is("conditional_expression")) {
            const std::vector<Node> parts = node.namedChildren();
            convert(module, parts[0]);
            return convert(module, parts[2]);
        }
        if (node.is("call"))
            for (const char* known : {"jsonify", "abort", "make_response", "Response", "redirect"})
                if (isCallOf(module, node, known)) return;
        if (node.is("tuple") || node.is("expression_list")) return tuple(module, node);
        if (isJson(node)) return wrap(module, node, plan_.helper(module, "Response") + "(data=", ")");
        if (isText(node))
            return wrap(module, node, plan_.helper(module, "Response") + "(data=", ", media_type=" + plan_.helper(module, "HTML") + ")");
        wrap(module, node, plan_.helper(module, "answer") + "(", ")");
    }

    void tuple(const Module& module, const Node& node) {
        const std::vector<Node> items = node.namedChildren();
        const bool known = items.size() >= 2 && items.size() <= 3 && !statusText(items[1]).empty() &&
                           (items.size() == 2 || items[2].is("dictionary"));
        if (known && body(module, node, items)) return;
        const bool bare = node.is("expression_list");
        wrap(module, node, plan_.helper(module, "answer") + (bare ? "((" : "("), bare ? "))" : ")");
    }

    /// `Response(data=..., status_code=...)` for a body of a known kind with its status and headers.
    bool body(const Module& module, const Node& node, const std::vector<Node>& items) {
        const bool json = isCallOf(module, items[0], "jsonify");
        if (!json && !isJson(items[0]) && !isText(items[0])) return false;
        if (json && !jsonArguments(items[0])) return false;
        const bool text = !json && isText(items[0]);
        const std::string name = plan_.helper(module, "Response");
        std::string tail;
        const std::string status = items.size() > 1 ? statusText(items[1]) : "";
        if (!status.empty() && status != "200") tail += ", status_code=" + status;
        const Node headers = items.size() > 2 ? items[2] : Node{};
        const std::string media = text ? ", media_type=" + plan_.helper(module, "HTML") : "";
        const Node data = items[0];
        const bool empty = data.is("string") && data.namedChildCount() == 2;
        replace(module, node, [json, data, name, tail, headers, media, empty](const ModuleRewrite& rewrite) {
            std::string out = name + "(" + (empty ? "" : "data=" + (json ? jsonText(rewrite, data) : rewrite.render(data))) + tail;
            if (headers) out += ", headers=" + rewrite.render(headers);
            out += media + ")";
            return replaceAll(std::move(out), "(, ", "(");
        });
        return true;
    }

    /// `except Exception as e`: the text of an HTTP error is Werkzeug's then.
    bool isBroad(const Module& module, const Node& clause) const {
        const Node caught = clause.namedChild(0);
        if (!caught.is("as_pattern")) return false;
        const Node type = caught.namedChild(0);
        return type.text() == "Exception" || type.text() == "BaseException" || httpErrorCode(plan_, module, type) == "HTTPException";
    }

    // -- names of Flask --------------------------------------------------------------------------

    void name(const Module& module, const Node& node) {
        const std::string name = plan_.flaskName(module, node);
        if (name.empty()) return;
        const Node call = node.parent();
        const bool called = call.is("call") && call.field("function") == node;
        if (name == "jsonify" && called) return jsonify(module, node, call);
        if (name == "abort" && called) return abort(module, node, call);
        if (name == "make_response" && called) return makeResponse(module, node, call);
        if (name == "stream_with_context" && called && call.field("arguments").namedChildCount() == 1) return streamed(module, node, call);
        if (name == "stream_with_context" && node.parent().is("decorator")) { // requests last as long as their answers
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            return plan_.later([&rewrite, node] { rewrite.remove(node.parent()); });
        }
        if (name == "Response") return rename(module, node, called ? "text_response" : "Response");
        if (name == "url_for" && called) {
            plan_.sharesRequest = true;
            return rename(module, node, "url_for");
        }
        static constexpr Words kFiles = {"render_template", "render_template_string", "send_from_directory", "send_file"};
        if (kFiles.count(name) && called) {
            plan_.sharesRequest = plan_.usesFolder = true;
            return rename(module, node, name);
        }
        if ((name == "has_request_context" || name == "has_app_context") && called) {
            plan_.sharesRequest = true;
            return rename(module, node, name);
        }
        if (name == "g" && (node.parent().is("attribute") || node.parent().is("comparison_operator") || isAskedByName(node))) {
            plan_.sharesRequest = true;
            return rename(module, node, "g");
        }
        if (plan_.usesSession && (name == "session" || (called && (name == "flash" || name == "get_flashed_messages")))) {
            plan_.sharesRequest = true;
            return rename(module, node, name);
        }
        if (name == "current_app") return currentApp(module, node);
        if (name == "json") return jsonModule(module, node);
        if (name == "redirect" && called && argumentOf(call, "Response").isNull()) return rename(module, node, "redirect");
    }

    /// `stream_with_context(rows())`: the request is there as long as its answer is sent.
    void streamed(const Module& module, const Node& node, const Node& call) {
        plan_.claim(node);
        const Node pieces = call.field("arguments").namedChild(0);
        replace(module, call, [pieces](const ModuleRewrite& rewrite) { return rewrite.render(pieces); });
    }

    void rename(const Module& module, const Node& node, const std::string& to) {
        plan_.claim(node);
        const std::string text = plan_.helper(module, to);
        if (node.text() != text) replace(module, node, [text](const ModuleRewrite&) { return text; });
    }

    /// `current_app.config`, `current_app.logger`
    void currentApp(const Module& module, const Node& node) {
        const Node access = node.parent();
        if (!access.is("attribute") || !(access.field("object") == node)) return;
        const std::string_view part = access.field("attribute").text();
        const int only = plan_.reading.graph.onlyApp();
        const std::string folder = part == "root_path" && only >= 0 ? folderText(plan_, module, plan_.reading.graph.routers()[static_cast<size_t>(only)], part) : "";
        if (!folder.empty()) {
            plan_.claim(node);
            return replace(module, access, [folder](const ModuleRewrite&) { return folder; });
        }
        if (part != "config" && part != "logger") return;
        plan_.claim(node);
        if (part == "config") plan_.sharesRequest = true;
        const std::string text = part == "config" ? plan_.helper(module, "current_settings") + "()"
                                                  : plan_.target(module, {"logging", ""}) + ".getLogger(__name__)";
        replace(module, access, [text](const ModuleRewrite&) { return text; });
    }

    /// `from flask import json`
    void jsonModule(const Module& module, const Node& node) {
        const Node access = node.parent();
        if (!access.is("attribute") || !(access.field("object") == node)) return;
        const std::string_view name = access.field("attribute").text();
        if (name == "dumps") {
            plan_.claim(node);
            const std::string text = plan_.helper(module, "json_text");
            return replace(module, access, [text](const ModuleRewrite&) { return text; });
        }
        if (name != "load" && name != "loads" && name != "JSONDecodeError") return;
        plan_.claim(node);
        const std::string text = plan_.target(module, {"json", ""});
        if (node.text() != text) replace(module, node, [text](const ModuleRewrite&) { return text; });
    }

    static bool jsonArguments(const Node& call) {
        if (!call.field("arguments").is("argument_list")) return false;
        size_t positional = 0, named = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.is("list_splat")) return false;
            if (argument.is("keyword_argument") || argument.is("dictionary_splat")) ++named;
            else ++positional;
        }
        return positional == 0 || named == 0;
    }

    static std::string jsonText(const ModuleRewrite& rewrite, const Node& call) {
        std::vector<std::string> items;
        bool named = false;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            named = named || argument.is("keyword_argument") || argument.is("dictionary_splat");
            if (argument.is("keyword_argument"))
                items.push_back(pythonQuote(argument.field("name").text()) + ": " + rewrite.render(argument.field("value")));
            else items.push_back(rewrite.render(argument));
        }
        if (named) return "{" + join(items, ", ") + "}";
        if (items.empty()) return "None";
        return items.size() == 1 ? items[0] : "[" + join(items, ", ") + "]";
    }

    void jsonify(const Module& module, const Node& node, const Node& call) {
        if (!jsonArguments(call)) return;
        plan_.claim(node);
        const std::string name = plan_.helper(module, "Response");
        replace(module, call, [name, call](const ModuleRewrite& rewrite) { return name + "(data=" + jsonText(rewrite, call) + ")"; });
    }

    void makeResponse(const Module& module, const Node& node, const Node& call) {
        plan_.claim(node);
        std::vector<Node> items = call.field("arguments").namedChildren();
        bool plain = !items.empty() && items.size() <= 3 && (items.size() < 2 || !statusText(items[1]).empty()) &&
                     (items.size() < 3 || items[2].is("dictionary"));
        for (const Node& item : items) plain = plain && !item.is("keyword_argument") && !item.is("list_splat");
        if (plain && body(module, call, items)) return;
        const std::string text = plan_.helper(module, "make_response");
        if (node.text() != text) replace(module, node, [text](const ModuleRewrite&) { return text; });
    }

    void abort(const Module& module, const Node& node, const Node& call) {
        const Node code = argumentOf(call, "code", 0);
        const Node description = argumentOf(call, "description", 1);
        size_t known = (code ? 1u : 0u) + (description ? 1u : 0u);
        const Node answer = argumentOf(call, "response");
        if (answer) ++known;
        if (code.isNull() || known != call.field("arguments").namedChildren().size()) return; // somebody else's abort
        plan_.claim(node);
        const Node parent = call.parent();
        const bool statement = parent.is("expression_statement") || parent.is("return_statement");
        if (!statement || answer || plan_.readsErrors || !isPlain(code, description)) return rename(module, node, "abort");
        const std::string name = plan_.target(module, plan_.context.target().httpException);
        const Node replaced = parent.is("return_statement") ? parent : call;
        replace(module, replaced, [name, code, description](const ModuleRewrite& rewrite) {
            std::string out = "raise " + name + "(status_code=" + rewrite.render(code);
            if (description) out += ", detail=" + rewrite.render(description);
            return out + ")";
        });
    }

    /// A status that Flask has an error for, and a description that is not the name of a status.
    static bool isPlain(const Node& code, const Node& description) {
        static constexpr Words kCodes = {
            "400", "401", "403", "404", "405", "406", "408", "409", "410", "411", "412", "413", "414", "415", "416", "417", "418",
            "422", "423", "424", "428", "429", "431", "451", "500", "501", "502", "503", "504", "505"};
        const bool status = code.is("integer") ? kCodes.count(code.text()) > 0 : startsWith(std::string(code.text()), "HTTPStatus.");
        if (!status || description.is("none")) return false;
        if (!description.is("string") || description.namedChildCount() != 3) return true;
        // "Not Found": a word with capitals all over may be the default text, which means no text.
        for (const std::string& word : split(std::string(description.namedChild(1).text()), ' '))
            if (word.empty() || !(word[0] >= 'A' && word[0] <= 'Z')) return true;
        return false;
    }

    Plan& plan_;
};

} // namespace

void planAnswers(Plan& plan) { AnswerPlanner(plan).run(); }

} // namespace covet::rules::flask
