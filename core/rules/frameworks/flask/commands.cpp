// Before:  @app.cli.command("seed")              flask seed
// After:   @commands(app).command("seed")        python -m covet_flask_commands seed
// Safe: they are commands of Click before and after; a generated module runs them, as the `flask` program is for Flask alone.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class CommandPlanner {
public:
    explicit CommandPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        const bool named = plan_.mentions("AppGroup") || plan_.mentions("with_appcontext");
        for (const Module* module : plan_.modules)
            if (named || !module->tree->identifiers("cli").empty() || !module->tree->identifiers("shell_context_processor").empty())
                syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("import_statement") || node.is("import_from_statement")) return false;
                if (node.is("decorated_definition"))
                    for (const Node& decorator : node.namedChildren())
                        if (decorator.is("decorator") && shell(*module, decorator)) return false;
                if (node.is("attribute") && node.field("attribute").text() == "cli" && plan_.reading.graph.resolve(*module, node.field("object")) >= 0) {
                    ofRouter(*module, node);
                    return false;
                }
                const std::string name = plan_.flaskName(*module, node);
                if (name == "cli.AppGroup" || name == "cli.with_appcontext") {
                    rename(*module, node, name.substr(4));
                    return false;
                }
                return true;
            });
        if (any_) entry();
    }

private:
    void rename(const Module& module, const Node& node, const std::string& name) {
        any_ = plan_.sharesRequest = true;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, name);
        if (node.text() != text) plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// `app.cli`
    void ofRouter(const Module& module, const Node& node) {
        static constexpr Words kParts = {"command", "group", "add_command"};
        const Node outer = node.parent();
        if (!plan_.isApplication(module, node.field("object")) || !outer.is("attribute") || !kParts.count(outer.field("attribute").text()))
            return plan_.refuse(module, node, "cli-command", std::string(outer.text()), "register the command on the application");
        any_ = plan_.sharesRequest = true;
        plan_.claim(node);
        plan_.claim(node.field("object"));
        plan_.claim(outer);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "commands") + "(" + std::string(node.field("object").text()) + ")";
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// `@app.shell_context_processor` gives names to a shell that Flask alone has.
    bool shell(const Module& module, const Node& decorator) {
        const Node inner = plan_.routerDecorator(module, decorator, "shell_context_processor");
        if (inner.isNull()) return false;
        const Function* function = decoratedFunction(module, decorator);
        if (!function || module.tree->identifiers(function->name).size() != 1)
            return plan_.refuse(module, decorator, "cli-command", std::string(decorator.text())), true;
        const Node definition = function->decorated;
        syntax::walk(definition, [&](const Node& node) {
            plan_.claim(node);
            return true;
        });
        ModuleRewrite& rewrite = plan_.rewrite(module);
        MigrationContext& context = plan_.context;
        const Module* home = &module;
        plan_.later([&rewrite, &context, home, decorator, definition] {
            rewrite.remove(definition);
            context.report(*home, decorator, "COV111", "flask shell").hint = "write a script that imports the application";
        });
        return true;
    }

    /// The module that runs the commands.
    void entry() {
        const Router* app = nullptr;
        for (size_t index : plan_.routers) {
            const Router& router = plan_.reading.graph.routers()[index];
            if (router.isApp && app) return plan_.refuse(*router.module, router.creation, "cli-command", router.name, "commands of several applications");
            if (router.isApp) app = &router;
        }
        if (!app) return;
        std::string name = app->name, made;
        if (app->function) {
            for (const Node& parameter : app->function->node.field("parameters").namedChildren())
                if (parameter.field("value").isNull() && !parameter.is("list_splat_pattern") && !parameter.is("dictionary_splat_pattern"))
                    return plan_.refuse(*app->module, parameter, "cli-command", app->function->name, "let the factory do without arguments");
            if (app->function->isNested || !app->function->className.empty())
                return plan_.refuse(*app->module, app->creation, "cli-command", app->function->qualified, "make the application in a function of its module");
            name = app->function->name;
            made = "()";
        }
        MigrationContext& context = plan_.context;
        const std::string helper = helperModule(context), module = helper + "_commands", from = app->module->name;
        const Module* home = app->module;
        const Node creation = app->creation;
        plan_.later([&context, helper, module, from, name, made, home, creation] {
            const std::string runs = "python -m " + context.generatedImportPath(module);
            context.generatedFiles[context.generatedPath(module)] =
                "\"\"\"Runs the commands of the application: " + runs + " NAME.\"\"\"\n\n" + "from " + from + " import " + name + "\n" + "from " +
                context.generatedImportPath(helper) + " import commands\n\nif __name__ == \"__main__\":\n    commands(" + name + made + ")()\n";
            Finding& finding = context.report(*home, creation, "COV111", "flask NAME");
            finding.hint = "write `" + runs + " NAME`";
        });
    }

    Plan& plan_;
    bool any_ = false;
};

} // namespace

void planCommands(Plan& plan) { CommandPlanner(plan).run(); }

} // namespace covet::rules::flask
