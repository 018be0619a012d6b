// Before:  app = Flask(__name__); books = Blueprint("books", __name__, url_prefix="/books"); app.run(port=8000)
// After:   app = CovetApp(); keep_flask_rules(app); books = RouteGroup("/books"); uvicorn.run(app, host="127.0.0.1", port=8000)
// Safe: keep_flask_rules answers what Flask answers by itself, and groups join paths as blueprints do.
#include "rules/frameworks/flask/flask_app.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

bool isMainBlock(const Node& statement) {
    return statement.is("if_statement") && statement.field("condition").text().find("__name__") != std::string_view::npos;
}

class RouterPlanner {
public:
    explicit RouterPlanner(Plan& plan) : plan_(plan), target_(plan.context.target()) {}

    void run() {
        keepsSettings_ = plan_.servesTokens || plan_.servesRestx || plan_.usesSession || readsSettings();
        for (size_t index : plan_.routers) {
            const Router& router = plan_.reading.graph.routers()[index];
            if (router.isApp) application(router);
            else if (router.kind == "flask.Blueprint") blueprint(router);
            else if (router.kind == "flask_restful.Api" || isRestx(router)) continue; // see resources.cpp, restx.cpp
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
        if (router.kind != "flask.Flask" && router.kind != "flask.app.Flask")
            return plan_.refuse(module, router.creation, "flask-extension", router.kind);
        if (!statement.is("expression_statement") || !router.creation.parent().field("left").is("identifier"))
            return plan_.refuse(module, router.creation, "application-object", router.name, "keep it in a variable");
        static const std::set<std::string_view> kKnown = {"import_name", "template_folder", "static_folder", "static_url_path", "instance_relative_config", "root_path", "instance_path"};
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
            if (!plan->hooks.empty()) line += ", " + plan->helper(*home, "RunHooks");
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
        static const std::set<std::string_view> kKnown = {"name", "import_name", "url_prefix"};
        int position = 0;
        for (const Node& argument : router.creation.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            if (named ? !kKnown.count(argument.field("name").text()) : position++ > 1 || argument.is("list_splat") || argument.is("dictionary_splat"))
                return plan_.refuse(module, argument, "blueprint-option", std::string(argument.text()));
        }
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node prefix = argumentOf(router.creation, "url_prefix");
        plan_.claim(router.creation.field("function"));
        const std::string text = plan_.helper(module, "RouteGroup") + "(" + std::string(prefix.text()) + ")";
        const Node creation = router.creation;
        plan_.later([&rewrite, creation, text] { rewrite.replace(creation, text); });
    }

    void mount(const Mounting& mounting) {
        const Node& call = mounting.call;
        if (!mounting.module || call.isNull() || isRestx(plan_.reading.graph.routers()[mounting.child])) return;
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
        if (name == "run" && isCall && statement.is("expression_statement")) return serve(module, node, call, statement);
        if (name == "route" && isCall && statement.is("expression_statement")) { // a decorator that decorates nothing
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            return plan_.later([&rewrite, statement] { rewrite.remove(statement); });
        }
        if (!keepsSettings_ && isSetting(module, node)) return;
        if (keepsSettings_ && name == "config" && isWithoutEffect(node) && isSetting(module, node)) return;
        if (keepsSettings_ && name != "config" && name != "secret_key" && isSetting(module, node)) return;
        if (name == "config" || name == "secret_key") return setting(module, node, call);
        if (name == "debug") return debugging(module, node);
        if (name == "permanent_session_lifetime" && plan_.usesSession && call.is("assignment") && call.field("left") == node) {
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            const std::string text = plan_.helper(module, "app_settings") + "(" + std::string(node.field("object").text()) + ")[\"PERMANENT_SESSION_LIFETIME\"]";
            return plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
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

    /// Settings that change nothing a client can see.
    bool isSetting(const Module& module, const Node& node) {
        static const std::set<std::string> kSilent = {"SECRET_KEY", "JSON_SORT_KEYS", "JSON_AS_ASCII", "ENV", "TESTING",
                                                      "JSONIFY_PRETTYPRINT_REGULAR", "TEMPLATES_AUTO_RELOAD"};
        const std::string_view name = node.field("attribute").text();
        const Node parent = node.parent();
        Node assignment;
        bool silent = false;
        if (name == "config" && parent.is("subscript") && parent.field("value") == node) {
            const std::string key(parent.field("subscript").text());
            silent = key.size() > 2 && kSilent.count(key.substr(1, key.size() - 2)) > 0;
            assignment = parent.parent();
            if (!(assignment.field("left") == parent)) silent = false;
        } else if (name == "url_map" && parent.is("attribute") && parent.field("attribute").text() == "strict_slashes") {
            assignment = parent.parent(); // the routes are registered with and without the slash
            silent = assignment.field("left") == parent && assignment.field("right").is("false");
        } else if (name == "secret_key") {
            assignment = parent;
            silent = assignment.field("left") == node;
        } else if (name == "json" && parent.is("attribute") && parent.field("attribute").text() == "sort_keys") {
            assignment = parent.parent();
            const bool off = assignment.field("right").is("false");
            silent = assignment.field("left") == parent && (off || assignment.field("right").is("true"));
            if (silent && off) {
                plan_.claim(node);
                sortKeysOff(module, assignment);
                return true;
            }
        }
        if (!silent || !assignment.is("assignment") || !assignment.parent().is("expression_statement")) return false;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node statement = assignment.parent();
        plan_.later([&rewrite, statement] { rewrite.remove(statement); });
        return true;
    }

    /// `app.config["JSON_SORT_KEYS"]`: nothing reads such settings, whatever else the application keeps.
    static bool isWithoutEffect(const Node& node) {
        static const std::set<std::string_view> kNames = {"JSON_SORT_KEYS", "JSON_AS_ASCII", "JSONIFY_PRETTYPRINT_REGULAR", "TEMPLATES_AUTO_RELOAD"};
        const Node key = node.parent().field("subscript");
        return key.is("string") && key.namedChildCount() == 3 && kNames.count(key.namedChild(1).text());
    }

    /// Settings that Flask or an extension acts upon.
    bool isObserved(const std::string& name) const {
        static const std::set<std::string_view> kOfRestx = {"ERROR_404_HELP", "RESTX_ERROR_404_HELP", "RESTX_VALIDATE", "RESTPLUS_VALIDATE"};
        static const std::set<std::string_view> kOfSessions = {"SESSION_COOKIE_NAME", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SECURE",
                                                               "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_PATH", "PERMANENT_SESSION_LIFETIME"};
        if (plan_.usesSession && kOfSessions.count(name)) return false;
        if (plan_.servesRestx && kOfRestx.count(name)) return false; // its counterpart reads them
        for (const char* start : {"JSON", "MAX_", "SERVER_NAME", "APPLICATION_ROOT", "PREFERRED_", "SESSION_", "PERMANENT_", "TRAP_",
                                  "SEND_FILE", "USE_X_", "EXPLAIN_", "RESTFUL", "BUNDLE_", "ERROR_", "CORS_", "PROVIDE_", "TRUSTED_", "HTTP_BASIC"})
            if (startsWith(name, start)) return true;
        return false;
    }

    /// `app.debug`: a client sees it in the texts of some errors.
    void debugging(const Module& module, const Node& node) {
        const bool assigned = node.parent().is("assignment") && node.parent().field("left") == node;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string settings = plan_.helper(module, "app_settings") + "(" + std::string(node.field("object").text()) + ")";
        const std::string text = settings + (assigned ? "[\"DEBUG\"]" : ".get(\"DEBUG\", False)");
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// Whether any module names a setting that Flask acts upon: objects may hold it.
    bool namesObserved() const {
        for (const Module* module : plan_.modules)
            for (const char* name : {"JSON_", "JSONIFY_", "MAX_CONTENT_LENGTH", "SERVER_NAME", "APPLICATION_ROOT", "SESSION_COOKIE",
                                     "TRAP_", "SEND_FILE_MAX_AGE", "RESTFUL_JSON", "BUNDLE_ERRORS", "CORS_"})
                if (module->tree->text().find(name) != std::string_view::npos && !(plan_.usesSession && startsWith(name, "SESSION"))) return true;
        return false;
    }

    /// `app.config["PAGE_SIZE"]`, `app.config.from_object(Settings)`: they stay, as settings of the helper.
    void setting(const Module& module, const Node& node, const Node& access) {
        const bool whole = node.field("attribute").text() == "config";
        if (whole && access.is("subscript") && access.field("value") == node) {
            const Node key = access.field("subscript");
            if (!key.is("string") || key.namedChildCount() != 3 || isObserved(std::string(key.namedChild(1).text()))) return;
        } else if (whole && access.is("attribute")) {
            static const std::set<std::string_view> kKnown = {"get", "update", "from_object", "from_mapping", "setdefault", "items", "keys"};
            const std::string_view name = access.field("attribute").text();
            if (name == "from_pyfile" || name == "from_envvar" || name == "from_prefixed_env") return settingsFile(module, node, access);
            if (!kKnown.count(name) || (name != "get" && namesObserved())) return;
        } else if (whole) {
            return;
        }
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "app_settings") + "(" + std::string(node.field("object").text()) + ")" + (whole ? "" : "[\"SECRET_KEY\"]");
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// `app.config.from_pyfile("config.py")`: paths start where the application is, or at its instance folder.
    void settingsFile(const Module& module, const Node& node, const Node& access) {
        const Node call = access.parent();
        const int router = plan_.reading.graph.resolve(module, node.field("object"));
        if (!call.is("call") || !(call.field("function") == access) || router < 0 || namesObserved()) return;
        const Router& app = plan_.reading.graph.routers()[static_cast<size_t>(router)];
        const bool files = access.field("attribute").text() != "from_prefixed_env";
        if (files && app.module != &module) return;
        std::string within;
        if (files) {
            const Node relative = argumentOf(app.creation, "instance_relative_config"), name = argumentOf(app.creation, "import_name", 0);
            if (argumentOf(app.creation, "root_path") || argumentOf(app.creation, "instance_path")) return;
            within = plan_.helper(module, "config_folder") + "(__file__, " + std::string(name.text()) + (relative.is("true") ? ", True)" : ")");
        }
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "app_settings") + "(" + std::string(node.field("object").text()) + ")";
        const Node list = call.field("arguments");
        plan_.later([&rewrite, node, text, list, within] {
            rewrite.replace(node, text);
            if (within.empty()) return;
            rewrite.replace(list, [list, within](const ModuleRewrite& r) {
                std::string out = "(";
                for (const Node& argument : list.namedChildren()) out += r.render(argument) + ", ";
                return out + "within=" + within + ")";
            });
        });
    }

    /// Whether some code reads settings, or takes them from where they cannot be looked at.
    bool readsSettings() const {
        bool reads = false;
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (!node.is("attribute")) return !reads;
                const std::string_view name = node.field("attribute").text();
                if (name != "config" && name != "secret_key") return true;
                const bool owned = plan_.flaskName(*module, node.field("object")) == "current_app" ||
                                   plan_.reading.graph.resolve(*module, node.field("object")) >= 0;
                const Node holder = name == "config" && node.parent().is("subscript") ? node.parent() : node;
                const bool sets = (name == "secret_key" || holder.is("subscript")) && holder.parent().is("assignment") &&
                                  holder.parent().field("left") == holder;
                reads = reads || (owned && !sets);
                return !reads;
            });
        return reads;
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

    void sortKeysOff(const Module& module, const Node& assignment) {
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "sort_json_keys") + "(False)";
        plan_.later([&rewrite, assignment, text] { rewrite.replace(assignment, text); });
    }

    void serve(const Module& module, const Node& node, const Node& call, const Node& statement) {
        std::string host = "\"127.0.0.1\"", port = "5000";
        int position = 0;
        static const std::set<std::string_view> kDropped = {"debug", "use_reloader", "threaded", "load_dotenv", "use_debugger", "processes"};
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const bool named = argument.is("keyword_argument");
            const std::string_view name = named ? argument.field("name").text() : position == 0 ? "host" : position == 1 ? "port" : "debug";
            const Node value = named ? argument.field("value") : argument;
            if (!named) ++position;
            if (argument.is("list_splat") || argument.is("dictionary_splat")) return plan_.refuse(module, call, "run-option", std::string(argument.text()));
            if (name == "host") host = value.is("none") ? host : std::string(value.text());
            else if (name == "port") port = value.is("none") ? port : std::string(value.text());
            else if (!kDropped.count(name)) return plan_.refuse(module, call, "run-option", std::string(argument.text()));
        }
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = "uvicorn.run(" + std::string(node.field("object").text()) + ", host=" + host + ", port=" + port + ")";
        bool guarded = module.enclosingFunction(call) != nullptr;
        for (Node at = statement.parent(); at; at = at.parent()) guarded = guarded || isMainBlock(at);
        const std::string unit = rewrite.indentUnit();
        const std::string indent = rewrite.indentOf(statement);
        plan_.later([&rewrite, call, statement, text, guarded, unit, indent] {
            if (guarded) {
                rewrite.insertBefore(statement, {"import uvicorn"});
                rewrite.replace(call, text);
            } else {
                const std::string deeper = "\n" + indent + unit;
                rewrite.replace(statement, "if __name__ == \"__main__\":" + deeper + "import uvicorn\n" + deeper + text);
            }
        });
    }

    Plan& plan_;
    const catalog::TargetProfile& target_;
    bool keepsSettings_ = false; // some code reads them
};

} // namespace

void planRouters(Plan& plan) { RouterPlanner(plan).run(); }

} // namespace covet::rules::flask
