// Before:  app.extensions["tasks"] = TaskService()    current_app.extensions["tasks"].all()
//          app.tasks = TaskService()                  current_app.tasks.all()
// After:   app_extensions(app)["tasks"] = ...         current_extensions()["tasks"].all()
//          app.tasks = TaskService()                  current_application().tasks.all()
// Safe: only what the project itself puts there is read; what Flask and its extensions keep stays refused.
#include <set>

#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::flask {
namespace {

class ApplicationObjects {
public:
    explicit ApplicationObjects(Plan& plan) : plan_(plan) {}

    void run() {
        each([&](const Module&, const Node& access, bool) {
            const Node parent = access.parent();
            if (parent.is("assignment") && parent.field("left") == access && !isOfFlask(nameOf(access))) own_.insert(nameOf(access));
            if (isEntry(access) && parent.parent().is("assignment") && parent.parent().field("left") == parent) entries_ = true;
        });
        each([&](const Module& module, const Node& access, bool isCurrent) {
            if (nameOf(access) == "extensions" && isEntry(access) && entries_) rewrite(module, access, isCurrent, true);
            else if (own_.count(nameOf(access))) rewrite(module, access, isCurrent, false);
        });
    }

private:
    static std::string nameOf(const Node& access) { return std::string(access.field("attribute").text()); }

    /// `app.extensions["x"]`, `app.extensions.get("x")`
    static bool isEntry(const Node& access) {
        if (access.field("attribute").text() != "extensions") return false;
        const Node parent = access.parent();
        return (parent.is("subscript") && parent.field("value") == access) || parent.is("comparison_operator") ||
               (parent.is("attribute") && (parent.field("attribute").text() == "get" || parent.field("attribute").text() == "setdefault"));
    }

    /// Names that mean something to Flask, or to the application of a target.
    static bool isOfFlask(const std::string& name) {
        static constexpr Words kNames = {
            "config", "secret_key", "debug", "testing", "logger", "json", "json_encoder", "json_decoder", "json_provider_class", "url_map",
            "view_functions", "extensions", "blueprints", "jinja_env", "jinja_options", "jinja_loader", "name", "import_name", "root_path",
            "instance_path", "static_folder", "static_url_path", "template_folder", "session_interface", "permanent_session_lifetime",
            "request_class", "response_class", "test_client_class", "url_rule_class", "url_default_functions", "before_request_funcs",
            "after_request_funcs", "teardown_request_funcs", "error_handler_spec", "template_context_processors", "wsgi_app", "cli", "env",
            "send_file_max_age_default", "use_x_sendfile", "templates_auto_reload", "register_error_handler",
            "state", "router", "routes", "middleware", "user_middleware", "middleware_stack", "exception_handlers", "title", "version",
            "description", "openapi", "openapi_url", "openapi_schema", "docs_url", "redoc_url", "dependency_overrides", "extra", "setup",
            "servers", "webhooks", "contact", "summary", "get", "post", "put", "patch", "delete", "head", "options", "trace", "route",
            "websocket", "mount", "host", "on_event", "include_router"};
        return kNames.count(name) > 0 || startsWith(name, "_") || startsWith(name, "add_");
    }

    template <class Visit>
    void each(Visit visit) const {
        for (const Module* module : plan_.modules)
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (!node.is("attribute") || plan_.isClaimed(node)) return true;
                const Node object = node.field("object");
                const bool isCurrent = plan_.flaskName(*module, object) == "current_app";
                if (isCurrent || plan_.isApplication(*module, object)) visit(*module, node, isCurrent);
                return true;
            });
    }

    void rewrite(const Module& module, const Node& access, bool isCurrent, bool isEntries) {
        const Node object = access.field("object");
        plan_.claim(access);
        plan_.claim(object);
        plan_.sharesRequest = plan_.sharesRequest || isCurrent;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        if (isEntries) {
            const std::string text = isCurrent ? plan_.helper(module, "current_extensions") + "()"
                                               : plan_.helper(module, "app_extensions") + "(" + std::string(object.text()) + ")";
            plan_.later([&rewrite, access, text] { rewrite.replace(access, text); });
        } else if (isCurrent) {
            const std::string text = plan_.helper(module, "current_application") + "()";
            plan_.later([&rewrite, object, text] { rewrite.replace(object, text); });
        }
    }

    Plan& plan_;
    std::set<std::string> own_; // attributes that the project gives to its application
    bool entries_ = false;      // the project keeps something of its own among the extensions
};

} // namespace

void planApplicationObjects(Plan& plan) { ApplicationObjects(plan).run(); }

} // namespace covet::rules::flask
