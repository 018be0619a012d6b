// Before:  app = Flask(__name__); books = Blueprint("books", __name__, url_prefix="/books")
// After:   app = CovetApp(); keep_flask_rules(app); books = RouteGroup("/books")
// Safe: keep_flask_rules answers what Flask answers by itself, and groups join paths as blueprints do.
#include "rules/frameworks/flask/flask_app.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class RouterPlanner {
public:
    explicit RouterPlanner(Plan& plan) : plan_(plan), target_(plan.context.target()) {}

    void run() {
        for (size_t index : plan_.routers) {
            const Router& router = plan_.reading.graph.routers()[index];
            if (router.isApp) application(router);
            else if (router.kind == "flask.Blueprint") blueprint(router);
            else if (router.kind == "flask_restful.Api" || isRestx(router) || isSmorest(router)) continue; // see resources.cpp, restx.cpp, smorest.cpp
            else plan_.refuse(*router.module, router.creation, "flask-extension", router.kind);
        }
        for (const Mounting& mounting : plan_.reading.mountings)
            if (plan_.routers.count(mounting.child)) mount(mounting);
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("attribute") && !plan_.isClaimed(node) && plan_.reading.graph.resolve(*module, node.field("object")) >= 0)
                    use(*module, node);
                return !node.is("import_statement") && !node.is("import_from_statement");
            });
    }

private:
    void application(const Router& router) {
        const Module& module = *router.module;
        const Node statement = router.creation.parent().parent();
        if (router.isDerived)
            return plan_.refuse(module, router.creation, "application-class", std::string(router.creation.field("function").text()), "make it of Flask itself");
        if (router.kind != "flask.Flask" && router.kind != "flask.app.Flask")
            return plan_.refuse(module, router.creation, "flask-extension", router.kind);
        if (!statement.is("expression_statement") || !router.creation.parent().field("left").is("identifier"))
            return plan_.refuse(module, router.creation, "application-object", router.name, "keep it in a variable");
        static constexpr Words kKnown = {"import_name", "template_folder", "static_folder", "static_url_path", "instance_relative_config", "root_path", "instance_path"};
        int position = 0;
        for (const Node& argument : router.creation.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            if (named ? !kKnown.count(argument.field("name").text()) : position++ > 0 || argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(module, argument, "application-option", std::string(argument.text()));
        }
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.claim(router.creation.field("function"));
        // The pages that FastAPI adds by itself are none of the application's.
        const std::string text = plan_.target(module, target_.application) +
                                 (target_.framework == "fastapi" ? "(openapi_url=None, redirect_slashes=False)" : "()");
        const std::string keep = plan_.helper(module, "keep_flask_rules") + "(" + router.name;
        const Node creation = router.creation;
        MigrationContext& context = plan_.context;
        const Module* home = &module;
        Plan* plan = &plan_;
        const std::string name = router.name, options = folderOptions(module, creation);
        plan_.later([&rewrite, &context, plan, home, creation, statement, text, keep, name, options] {
            std::string line = keep;
            if (!plan->hooks.empty() || plan->delaysHooks) line += ", " + plan->helper(*home, "RunHooks");
            if (plan->counterparts.count("flask_login")) line += ", " + plan->target(*home, {plan->context.importPath(*home, helperModule(plan->context) + "_login"), "LoadUser"});
            if (plan->sharesRequest) line += ", " + plan->helper(*home, "ShareRequest");
            if (plan->usesSession) line += ", " + plan->helper(*home, "KeepSession");
            rewrite.replace(creation, text);
            std::vector<std::string> lines{line + ")"};
            if (plan->usesFolder) lines.push_back(plan->helper(*home, "use_folder") + "(" + name + ", __file__" + options + ")");
            rewrite.insertAfter(statement, lines);
            context.report(*home, creation, "COV101", "of Flask");
        });
    }

    /// Where the application's templates and files are; its own folder of files makes it need that.
    std::string folderOptions(const Module& module, const Node& creation) {
        std::string options, files = "static";
        for (const char* name : {"template_folder", "static_folder", "static_url_path"}) {
            const Node value = argumentOf(creation, name);
            if (value.isNull()) continue;
            options += std::string(", ") + name + "=" + std::string(value.text());
            if (std::string_view(name) == "static_folder") files = value.is("none") ? "" : plan_.reading.graph.text(module, value);
        }
        const size_t slash = module.path().rfind('/');
        const std::string folder = slash == std::string::npos ? "" : module.path().substr(0, slash + 1);
        if (!files.empty() && plan_.context.hasFolder(folder + files)) plan_.usesFolder = plan_.sharesRequest = true;
        return options;
    }

    void blueprint(const Router& router) {
        const Module& module = *router.module;
        static constexpr Words kKnown = {"name", "import_name", "url_prefix", "template_folder", "static_folder", "static_url_path"};
        int position = 0;
        for (const Node& argument : router.creation.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            if (named ? !kKnown.count(argument.field("name").text()) : position++ > 1 || argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(module, argument, "blueprint-option", std::string(argument.text()));
        }
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node prefix = argumentOf(router.creation, "url_prefix");
        plan_.claim(router.creation.field("function"));
        std::string text = plan_.helper(module, "RouteGroup") + "(" + std::string(prefix.text());
        if (plan_.namesEndpoints) text += std::string(prefix.isNull() ? "" : ", ") + "name=" + std::string(argumentOf(router.creation, "name", 0).text());
        text += ")";
        const Node creation = router.creation, statement = creation.parent().parent();
        std::string folders;
        for (const char* name : {"template_folder", "static_folder", "static_url_path"})
            if (const Node value = argumentOf(creation, name); value && !value.is("none")) folders += std::string(", ") + name + "=" + std::string(value.text());
        if (folders.empty()) return plan_.later([&rewrite, creation, text] { rewrite.replace(creation, text); });
        const Node kept = creation.parent().field("left");
        if (!statement.is("expression_statement") || !kept.is("identifier") || argumentOf(creation, "import_name", 1).text() != "__name__")
            return plan_.refuse(module, creation, "blueprint-option", folders.substr(2), "keep the blueprint in a variable, and make it with __name__");
        plan_.usesFolder = plan_.sharesRequest = true;
        const std::string line = plan_.helper(module, "group_folder") + "(" + std::string(kept.text()) + ", __file__" + folders + ")";
        plan_.later([&rewrite, creation, text, statement, line] {
            rewrite.replace(creation, text);
            rewrite.insertAfter(statement, {line});
        });
    }

    void mount(const Mounting& mounting) {
        const Node& call = mounting.call;
        if (!mounting.module || call.isNull() || isRestx(plan_.reading.graph.routers()[mounting.child]) || isSmorest(plan_.reading.graph.routers()[mounting.child])) return;
        for (const Node& argument : call.field("arguments").namedChildren())
            if (argument.is("keyword_argument") && argument.field("name").text() != "url_prefix" && argument.field("name").text() != "blueprint")
                return plan_.refuse(*mounting.module, argument, "blueprint-option", std::string(argument.text()));
        const Node child = argumentOf(call, "blueprint", 0);
        const Node prefix = argumentOf(call, "url_prefix");
        if (!prefix.isNull() && mounting.prefix.empty() && !prefix.is("none") && prefix.text() != "\"\"" && prefix.text() != "''")
            return plan_.refuse(*mounting.module, call, "dynamic-path", std::string(prefix.text()));
        const bool given = !prefix.isNull() && !prefix.is("none");
        plan_.claim(call.field("function"));
        plan_.claim(child);
        const std::string text = std::string(child.text()) + ".register(" + std::string(call.field("function").field("object").text()) +
                                 (given ? ", " + std::string(prefix.text()) : "") + ")";
        ModuleRewrite& rewrite = plan_.rewrite(*mounting.module);
        const Node site = call;
        plan_.later([&rewrite, site, text] { rewrite.replace(site, text); });
    }

    /// What else is done with an application or blueprint.
    void use(const Module& module, const Node& node) {
        const std::string_view name = node.field("attribute").text();
        const Node call = node.parent();
        const Node statement = call.parent();
        const bool isCall = call.is("call") && call.field("function") == node;
        if (name == "route" && isCall && statement.is("expression_statement")) { // a decorator that decorates nothing
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            return plan_.later([&rewrite, statement] { rewrite.remove(statement); });
        }
        if (name == "url_map" && call.is("attribute") && call.field("attribute").text() == "iter_rules" && statement.is("call"))
            return listRules(module, node, statement);
        if (name == "send_static_file" && isCall) {
            plan_.claim(node);
            plan_.sharesRequest = plan_.usesFolder = true;
            ModuleRewrite& rewrite = plan_.rewrite(module);
            const std::string text = plan_.helper(module, "send_static_file");
            return plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        }
        if (name == "response_class" && isCall) {
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            const std::string text = plan_.helper(module, "text_response");
            return plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        }
        if ((name == "root_path" || name == "instance_path") && !(call.is("assignment") && call.field("left") == node)) return folder(module, node);
        if (name == "logger") {
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            const std::string text = "logging.getLogger(__name__)";
            plan_.later([&rewrite, node, text] {
                rewrite.replace(node, text);
                rewrite.requireImport("logging", "");
            });
        }
    }

    /// `app.root_path`, and `app.instance_path` in the module that makes the application.
    void folder(const Module& module, const Node& node) {
        const Router& app = plan_.reading.graph.routers()[static_cast<size_t>(plan_.reading.graph.resolve(module, node.field("object")))];
        const std::string text = folderText(plan_, module, app, node.field("attribute").text());
        if (text.empty()) return;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// `app.url_map.iter_rules()`, where nobody looks at the text of a rule.
    void listRules(const Module& module, const Node& node, const Node& call) {
        const std::string_view text = module.tree->text();
        for (const char* sign : {".rule ", ".rule)", ".rule,", ".rule}", ".rule\n", ".rule]", "str(rule", "{rule}", "{rule!"})
            if (text.find(sign) != std::string_view::npos) return;
        if (!call.field("arguments").namedChildren().empty()) return;
        for (size_t at = text.find(".endpoint"); at != std::string_view::npos; at = text.find(".endpoint", at + 1)) {
            const size_t line = text.rfind('\n', at) + 1;
            if (text.substr(line, at - line).find("url_for(") == std::string_view::npos) return; // the name of its blueprint counts
        }
        plan_.claim(node);
        plan_.sharesRequest = true;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string listed = plan_.helper(module, "url_rules") + "(" + std::string(node.field("object").text()) + ")";
        plan_.later([&rewrite, call, listed] { rewrite.replace(call, listed); });
    }

    Plan& plan_;
    const catalog::TargetProfile& target_;
};

} // namespace

void planRouters(Plan& plan) { RouterPlanner(plan).run(); }

} // namespace covet::rules::flask
