// Before:  return {"error": "not found"}, 404
// After:   return Response(data={"error": "not found"}, status_code=404)
// Safe: body and status are those the dispatcher would have sent; what may be a tuple at run time goes
// through respond(), which decides as the dispatcher did.
#include "rules/legacy/handler_rewrite.h"
#include "rules/legacy/return_forms.h"
#include "support/strings.h"

namespace covet::rules::legacy {
namespace {

using Returns = DispatchShape::Returns;

class ReturnPlanner {
public:
    ReturnPlanner(MigrationContext& context, const HandlerCode& code, AppPlan& app, HandlerPlan& plan)
        : context_(context)
        , code_(code)
        , app_(app)
        , shape_(*app.shape)
        , plan_(plan) {}

    void run() {
        if (!code_.function) {
            rewrite(code_.body);
            return;
        }
        for (const Node& statement : returnsOf(code_.body)) {
            const std::vector<Node> values = statement.namedChildren();
            if (!values.empty() && givesBack(values[0])) continue;
            if (!values.empty()) rewrite(values[0]);
            else if (needsNone()) replace(statement, "return " + noneText());
        }
        const std::vector<Node> statements = code_.body.namedChildren();
        const Node last = statements.empty() ? Node{} : statements.back();
        if (code_.target.empty() && needsNone() && last && !last.is("return_statement") && !last.is("raise_statement")) {
            ModuleRewrite& rewrite = context_.rewrite(*code_.module);
            const std::string line = "return " + noneText();
            plan_.actions.push_back([&rewrite, last, line] { rewrite.insertAfter(last, {line}); });
        }
    }

private:
    /// Whether a wrapper returns what the function that it stands around gave.
    bool givesBack(const Node& value) const {
        if (code_.target.empty()) return false;
        bool found = false;
        syntax::walk(value, [&](const Node& node) {
            found = found || (node.is("identifier") && node.text() == code_.target);
            return !found;
        });
        if (!value.is("identifier")) return found;
        syntax::walk(code_.body, [&](const Node& node) {
            if (node.is("assignment") && node.field("left").text() == value.text())
                syntax::walk(node.field("right"), [&](const Node& name) {
                    found = found || (name.is("identifier") && name.text() == code_.target);
                    return !found;
                });
            return !found;
        });
        return found;
    }

    bool needsNone() const {
        return shape_.returns != Returns::Dict && (shape_.noneIsEmpty || (!shape_.noneStatus.empty() && shape_.noneStatus != "200"));
    }

    std::string response() {
        plan_.usesResponse = true;
        return targetName(*code_.module, app_, context_.target().response);
    }

    std::string noneText() {
        const std::string status = shape_.noneStatus.empty() ? shape_.defaultStatus : shape_.noneStatus;
        if (!shape_.noneIsEmpty) return response() + "(data=b\"null\", status_code=" + status + ")";
        return response() + (status == "200" ? "()" : "(status_code=" + status + ")");
    }

    void replace(const Node& node, const std::string& text) {
        ModuleRewrite& rewrite = context_.rewrite(*code_.module);
        plan_.actions.push_back([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    void respond(const Node& node) {
        plan_.usesRespond = true;
        app_.needsRespond = true;
        ModuleRewrite& rewrite = context_.rewrite(*code_.module);
        plan_.actions.push_back([&rewrite, node] {
            const bool bare = node.is("expression_list");
            rewrite.wrap(node, bare ? "respond((" : "respond(", bare ? "))" : ")");
        });
    }

    void rewrite(const Node& node) {
        if (shape_.returns == Returns::Dict) return respond(node);
        const ReturnForm form = returnForm(context_.project(), *code_.module, node);
        if (shape_.returns == Returns::Plain) return plain(node);
        if (node.is("parenthesized_expression")) return rewrite(node.namedChildren()[0]);
        if (node.is("conditional_expression") && form != ReturnForm::Single) {
            const std::vector<Node> parts = node.namedChildren();
            rewrite(parts[0]);
            rewrite(parts[2]);
            return;
        }
        if (node.is("tuple") || node.is("expression_list")) return tuple(node);
        if (form == ReturnForm::Single && shape_.returns == Returns::TupleOrPlain) return plain(node);
        respond(node);
    }

    /// A value that is no tuple.
    void plain(const Node& node) {
        if (node.is("none")) {
            if (needsNone()) replace(node, noneText());
            return;
        }
        if (!neverNone(node) && !shape_.noneStatus.empty() && shape_.noneStatus != shape_.defaultStatus) return respond(node);
        const bool otherStatus = shape_.defaultStatus != "200";
        if ((needsNone() && !neverNone(node)) || otherStatus) {
            const std::string name = response();
            const std::string status = otherStatus ? ", status_code=" + shape_.defaultStatus : "";
            ModuleRewrite& rewrite = context_.rewrite(*code_.module);
            plan_.actions.push_back([&rewrite, node, name, status] { rewrite.wrap(node, name + "(data=", status + ")"); });
        }
    }

    void tuple(const Node& node) {
        const std::vector<Node> items = node.namedChildren();
        const size_t body = shape_.bodyKey == "1" ? 1 : 0;
        const size_t status = shape_.statusKey == "0" ? 0 : 1;
        if (items.size() != 2 || body == status) {
            plan_.unclear = "tuple-lengths";
            plan_.detail = std::string(node.text());
            return;
        }
        const Node data = items[body], code = items[status];
        if (data.is("list_splat") || code.is("list_splat")) return respond(node);
        const bool ok = code.text() == "200";
        ModuleRewrite& rewrite = context_.rewrite(*code_.module);
        if (ok && neverNone(data)) {
            plan_.actions.push_back([&rewrite, node, data] {
                rewrite.replace(node, [data](const ModuleRewrite& r) { return r.render(data); });
            });
            return;
        }
        const std::string name = targetName(*code_.module, app_, context_.target().response);
        plan_.usesResponse = true;
        const bool none = data.is("none");
        const bool noBody = code.text() == "204" || code.text() == "304";
        const bool null = none && !shape_.noneIsEmpty && !noBody;
        plan_.actions.push_back([&rewrite, node, data, code, name, none, null, ok] {
            rewrite.replace(node, [data, code, name, none, null, ok](const ModuleRewrite& r) {
                std::string text = name + "(";
                if (null) text += "data=b\"null\"";
                else if (!none) text += "data=" + r.render(data);
                if (!ok) text += std::string(text.back() == '(' ? "" : ", ") + "status_code=" + r.render(code);
                return text + ")";
            });
        });
    }

    MigrationContext& context_;
    const HandlerCode& code_;
    AppPlan& app_;
    const DispatchShape& shape_;
    HandlerPlan& plan_;
};

} // namespace

void planReturns(MigrationContext& context, const HandlerCode& code, AppPlan& app, HandlerPlan& plan) {
    ReturnPlanner(context, code, app, plan).run();
}

} // namespace covet::rules::legacy
