// Before:  class Encoder(DefaultJSONProvider): ...    app.json = Encoder(app)                 app.json.sort_keys = False
// After:   class Encoder(JSONProvider): ...           set_app_json(app, Encoder(app))         app_json(app).sort_keys = False
// Safe: the helper writes and reads all JSON through that object; one that makes answers itself stays refused.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class ProviderPlanner {
public:
    explicit ProviderPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        const bool named = plan_.mentions("JSONProvider");
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (named && (node.is("identifier") || node.is("attribute"))) {
                    const std::string name = plan_.flaskName(*module, node);
                    if (name == "json.provider.DefaultJSONProvider" || name == "json.provider.JSONProvider") {
                        base(*module, node);
                        return false;
                    }
                }
                if (node.is("attribute") && startsWith(node.field("attribute").text(), "json") && plan_.isApplication(*module, node.field("object")))
                    use(*module, node);
                return true;
            });
    }

private:
    void base(const Module& module, const Node& node) {
        const Node type = node.parent().parent();
        if (type.is("class_definition") && module.function(std::string(type.field("name").text()) + ".response")) return;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "JSONProvider");
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    void use(const Module& module, const Node& node) {
        const std::string_view name = node.field("attribute").text();
        const Node parent = node.parent();
        const std::string app(node.field("object").text());
        const bool isSet = parent.is("assignment") && parent.field("left") == node && parent.parent().is("expression_statement");
        ModuleRewrite& rewrite = plan_.rewrite(module);
        if (isSet && (name == "json" || name == "json_provider_class")) {
            const Node value = parent.field("right");
            plan_.claim(node);
            if (value.is("call"))
                for (const Node& argument : value.field("arguments").namedChildren()) plan_.claim(argument); // `Provider(app)`
            const std::string before = plan_.helper(module, "set_app_json") + "(" + app + ", ", after = name == "json" ? ")" : "(" + app + "))";
            plan_.later([&rewrite, parent, value, before, after] {
                rewrite.replace(parent, [value, before, after](const ModuleRewrite& r) { return before + r.render(value) + after; });
            });
        } else if (name == "json" && parent.is("attribute") && isKnown(parent.field("attribute").text())) {
            plan_.claim(node);
            const std::string text = plan_.helper(module, "app_json") + "(" + app + ")";
            plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        }
    }

    static bool isKnown(std::string_view name) {
        static constexpr Words kNames = {"sort_keys", "ensure_ascii", "compact", "default", "dumps", "loads"};
        return kNames.count(name) > 0;
    }

    Plan& plan_;
};

} // namespace

void planProvider(Plan& plan) { ProviderPlanner(plan).run(); }

} // namespace covet::rules::flask
