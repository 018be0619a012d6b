// Before:  app.config["PAGE_SIZE"] = 20            app.config.from_object(Settings)            app.debug
// After:   app_settings(app)["PAGE_SIZE"] = 20     app_settings(app).from_object(Settings)     app_settings(app).get("DEBUG", False)
// Safe: what Flask or an extension acts upon stays refused, unless nothing of it can be seen.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class SettingPlanner {
public:
    explicit SettingPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        keepsSettings_ = !plan_.counterparts.empty() || plan_.servesRestx || plan_.usesSession || readsSettings();
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (node.is("attribute") && !plan_.isClaimed(node) && plan_.reading.graph.resolve(*module, node.field("object")) >= 0)
                    use(*module, node);
                return !node.is("import_statement") && !node.is("import_from_statement");
            });
    }

private:
    void use(const Module& module, const Node& node) {
        const std::string_view name = node.field("attribute").text();
        const Node access = node.parent();
        if (!keepsSettings_ && isSetting(module, node)) return;
        if (keepsSettings_ && name == "config" && isWithoutEffect(node) && isSetting(module, node)) return;
        if (keepsSettings_ && name != "config" && name != "secret_key" && isSetting(module, node)) return;
        if (name == "config" || name == "secret_key") return setting(module, node, access);
        if (name == "debug") return flag(module, node, "DEBUG");
        if (name == "testing" && keepsSettings_) return flag(module, node, "TESTING");
        if (name == "name" || name == "import_name") return nameOfApplication(module, node);
        if (name == "permanent_session_lifetime" && plan_.usesSession && access.is("assignment") && access.field("left") == node) {
            plan_.claim(node);
            ModuleRewrite& rewrite = plan_.rewrite(module);
            const std::string text = plan_.helper(module, "app_settings") + "(" + std::string(node.field("object").text()) + ")[\"PERMANENT_SESSION_LIFETIME\"]";
            plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
        }
    }

    /// Settings that change nothing a client can see.
    bool isSetting(const Module& module, const Node& node) {
        const std::string_view name = node.field("attribute").text();
        const Node parent = node.parent();
        Node assignment;
        bool silent = false;
        if (name == "config" && parent.is("subscript") && parent.field("value") == node) {
            const std::string key(parent.field("subscript").text());
            const std::string_view bare = key.size() > 2 ? std::string_view(key).substr(1, key.size() - 2) : "";
            silent = bare == "SECRET_KEY" || bare == "ENV" || bare == "TESTING" || namesWithoutEffect().count(bare) > 0;
            assignment = parent.parent();
            if (!(assignment.field("left") == parent)) silent = false;
        } else if (name == "url_map" && parent.is("attribute") && parent.field("attribute").text() == "strict_slashes") {
            assignment = parent.parent(); // the routes are registered with and without the slash
            silent = assignment.field("left") == parent && assignment.field("right").is("false");
        } else if (name == "secret_key") {
            assignment = parent;
            silent = assignment.field("left") == node;
        }
        if (!silent || !assignment.is("assignment") || !assignment.parent().is("expression_statement")) return false;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node statement = assignment.parent();
        plan_.later([&rewrite, statement] { rewrite.remove(statement); });
        return true;
    }

    /// `app.config["JSON_SORT_KEYS"]`
    static bool isWithoutEffect(const Node& node) {
        const Node key = node.parent().field("subscript");
        return key.is("string") && key.namedChildCount() == 3 && namesWithoutEffect().count(key.namedChild(1).text());
    }

    /// Settings that Flask or an extension acts upon.
    bool isObserved(const std::string& name) const {
        static constexpr Words kOfRestx = {"ERROR_404_HELP", "RESTX_ERROR_404_HELP", "RESTX_VALIDATE", "RESTPLUS_VALIDATE"};
        static constexpr Words kOfSessions = {"SESSION_COOKIE_NAME", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SECURE",
                                              "SESSION_COOKIE_SAMESITE", "SESSION_COOKIE_PATH", "PERMANENT_SESSION_LIFETIME"};
        if (plan_.usesSession && kOfSessions.count(name)) return false;
        if (name == "MAX_CONTENT_LENGTH") return false; // the helper reads it
        if (plan_.servesRestx && kOfRestx.count(name)) return false; // its counterpart reads them
        for (const char* start : {"JSON", "MAX_", "SERVER_NAME", "APPLICATION_ROOT", "PREFERRED_", "SESSION_", "PERMANENT_", "TRAP_",
                                  "SEND_FILE", "USE_X_", "EXPLAIN_", "RESTFUL", "BUNDLE_", "ERROR_", "CORS_", "PROVIDE_", "TRUSTED_", "HTTP_BASIC"})
            if (startsWith(name, start)) return true;
        return false;
    }

    /// `app.debug`: a client sees it in the texts of some errors. `app.testing`
    void flag(const Module& module, const Node& node, const std::string& key) {
        const bool assigned = node.parent().is("assignment") && node.parent().field("left") == node;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string settings = plan_.helper(module, "app_settings") + "(" + std::string(node.field("object").text()) + ")";
        const std::string text = settings + (assigned ? "[\"" + key + "\"]" : ".get(\"" + key + "\", False)");
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// `app.name`: that of the module that makes the application.
    void nameOfApplication(const Module& module, const Node& node) {
        const Router& app = plan_.reading.graph.routers()[static_cast<size_t>(plan_.reading.graph.resolve(module, node.field("object")))];
        const Node given = argumentOf(app.creation, "import_name", 0);
        const bool isOwn = given.text() == "__name__", isName = node.field("attribute").text() == "name";
        const bool isText = given.is("string") && given.namedChildCount() == 3;
        const bool isKnown = isText || (isOwn && (isName || app.module == &module));
        if (!app.isApp || !isKnown || (node.parent().is("assignment") && node.parent().field("left") == node)) return;
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        // Run as a program, the application has the name of the file.
        const std::string text = isOwn && isName ? pythonQuote(app.module->name) : std::string(given.text());
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// Whether any module names a setting that Flask acts upon: objects may hold it.
    bool namesObserved() const {
        for (const Module* module : plan_.modules)
            for (const char* start : {"JSON_", "JSONIFY_", "SERVER_NAME", "APPLICATION_ROOT", "SESSION_COOKIE",
                                      "TRAP_", "SEND_FILE_MAX_AGE", "RESTFUL_JSON", "BUNDLE_ERRORS", "CORS_"}) {
                if (plan_.usesSession && startsWith(start, "SESSION")) continue;
                const std::string_view text = module->tree->text();
                for (size_t at = text.find(start); at != std::string_view::npos; at = text.find(start, at + 1)) {
                    const size_t end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at);
                    if (!namesWithoutEffect().count(text.substr(at, end - at))) return true;
                }
            }
        return false;
    }

    /// Nothing reads such settings, whatever else the application keeps.
    static const std::set<std::string_view>& namesWithoutEffect() {
        static const std::set<std::string_view> kNames = {"JSON_SORT_KEYS", "JSON_AS_ASCII", "JSON_PRETTYPRINT_REGULAR", "JSONIFY_PRETTYPRINT_REGULAR", "JSONIFY_MIMETYPE", "TEMPLATES_AUTO_RELOAD",
                                                          "CORS_HEADERS"};
        return kNames;
    }

    /// `app.config["PAGE_SIZE"]`, `app.config.from_object(Settings)`: they stay, as settings of the helper.
    void setting(const Module& module, const Node& node, const Node& access) {
        const bool whole = node.field("attribute").text() == "config";
        if (whole && access.is("subscript") && access.field("value") == node) {
            const Node key = access.field("subscript");
            if (!key.is("string") || key.namedChildCount() != 3 || isObserved(std::string(key.namedChild(1).text()))) return;
        } else if (whole && access.is("attribute")) {
            static constexpr Words kKnown = {"get", "update", "from_object", "from_mapping", "setdefault", "items", "keys", "get_namespace"};
            const std::string_view name = access.field("attribute").text();
            if (name == "from_pyfile" || name == "from_envvar" || name == "from_prefixed_env" || name == "from_file")
                return settingsFile(module, node, access);
            if (!kKnown.count(name) || (name != "get" && namesObserved())) return;
        } else if (whole && !isAskedFor(access, node)) {
            return;
        }
        plan_.claim(node);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const std::string text = plan_.helper(module, "app_settings") + "(" + std::string(node.field("object").text()) + ")" + (whole ? "" : "[\"SECRET_KEY\"]");
        plan_.later([&rewrite, node, text] { rewrite.replace(node, text); });
    }

    /// `"PAGE_SIZE" in app.config`, where Flask has no such setting by itself.
    bool isAskedFor(const Node& access, const Node& node) const {
        const Node key = access.is("comparison_operator") && access.namedChildCount() == 2 && access.namedChild(1) == node ? access.namedChild(0) : Node{};
        static constexpr Words kOfFlask = {"DEBUG", "TESTING", "SECRET_KEY", "ENV"};
        return key.is("string") && key.namedChildCount() == 3 && !kOfFlask.count(key.namedChild(1).text()) && !isObserved(std::string(key.namedChild(1).text()));
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

    Plan& plan_;
    bool keepsSettings_ = false; // some code reads them
};

} // namespace

std::string folderText(Plan& plan, const Module& module, const Router& app, std::string_view part) {
    if (argumentOf(app.creation, "root_path") || argumentOf(app.creation, "instance_path")) return "";
    const std::string name(argumentOf(app.creation, "import_name", 0).text()), helper = plan.helper(module, "config_folder");
    if (app.module == &module) return helper + "(__file__, " + name + (part == "root_path" ? ")" : ", True)");
    if (part != "root_path" || name != "__name__") return "";
    // From another module, where the one that makes the application lies as seen from it.
    const std::vector<std::string> from = split(module.path(), '/'), to = split(app.module->path(), '/');
    size_t common = 0;
    while (common + 1 < from.size() && common + 1 < to.size() && from[common] == to[common]) ++common;
    std::string file = "os.path.dirname(__file__)";
    for (size_t up = common + 1; up < from.size(); ++up) file += ", \"..\"";
    for (size_t down = common; down < to.size(); ++down) file += ", " + pythonQuote(to[down]);
    plan.later([&plan, &module] { plan.rewrite(module).requireImport("os", ""); });
    return helper + "(os.path.join(" + file + "), " + pythonQuote(app.module->name) + ")";
}

void planSettings(Plan& plan) { SettingPlanner(plan).run(); }

} // namespace covet::rules::flask
