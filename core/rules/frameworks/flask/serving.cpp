// Before:  app.run(port=8000)              serve(app, host="0.0.0.0", port=8000)  # of waitress
// After:   uvicorn.run(app, host="127.0.0.1", port=8000)
// Safe: the address is the same; options of the development server and of threads have no counterpart.
#include "rules/frameworks/flask/flask_app.h"
#include "support/strings.h"

namespace covet::rules::flask {
namespace {

bool isMainBlock(const Node& statement) {
    return statement.is("if_statement") && statement.field("condition").text().find("__name__") != std::string_view::npos;
}

/// What starts a server, and how it takes its address.
struct Server {
    std::string host, port;                        // where none is given
    std::vector<std::string_view> positions;       // what stands where, in calls without names
    std::set<std::string_view> dropped;            // options that have no counterpart
};

const Server& developmentServer() {
    static const Server kServer{"\"127.0.0.1\"", "5000", {"host", "port", "debug"},
                                {"debug", "use_reloader", "threaded", "load_dotenv", "use_debugger", "use_evalex", "processes", "extra_files", "exclude_patterns",
                                 "reloader_interval", "reloader_type", "passthrough_errors"}};
    return kServer;
}

/// The server behind a function of another package; null for other names.
const Server* serverNamed(const std::string& name) {
    static const std::map<std::string, Server> kServers = {
        {"waitress.serve", {"\"0.0.0.0\"", "8080", {"app"}, {"threads", "channel_timeout", "connection_limit", "cleanup_interval", "ident", "_quiet", "backlog"}}},
        {"werkzeug.serving.run_simple", {"", "", {"host", "port", "app"}, {"use_reloader", "use_debugger", "use_evalex", "threaded", "processes"}}}};
    const auto found = kServers.find(name);
    return found == kServers.end() ? nullptr : &found->second;
}

class ServingPlanner {
public:
    explicit ServingPlanner(Plan& plan) : plan_(plan) {}

    void run() {
        for (const Module* module : plan_.modules)
            for (const char* name : {"run", "serve", "run_simple"}) {
                const auto calls = module->calls.find(name);
                if (calls == module->calls.end()) continue;
                for (const Node& call : calls->second)
                    if (call.parent().is("expression_statement")) started(*module, call);
            }
    }

private:
    void started(const Module& module, const Node& call) {
        const Node callee = call.field("function");
        if (callee.is("attribute") && callee.field("attribute").text() == "run" && plan_.reading.graph.resolve(module, callee.field("object")) >= 0)
            return serve(module, call, developmentServer(), callee.field("object"));
        if (callee.is("attribute") && callee.field("attribute").text() == "run" && isMade(module, callee.field("object")))
            return serve(module, call, developmentServer(), callee.field("object"));
        const semantic::Symbol& symbol = plan_.project().resolve(module, callee);
        const Server* server = symbol.kind == semantic::Symbol::Kind::External ? serverNamed(symbol.name) : nullptr;
        if (!server) return;
        Node app;
        for (const char* name : {"app", "application"})
            if (app.isNull()) app = argumentOf(call, name, symbol.name == "waitress.serve" ? 0 : 2);
        if (app.isNull() || plan_.reading.graph.resolve(module, app) < 0) return;
        dropImport(module, callee);
        serve(module, call, *server, app);
    }

    /// `create_app().run()`
    bool isMade(const Module& module, const Node& made) const {
        const Function* factory = made.is("call") ? functionOf(plan_.project(), module, made.field("function")) : nullptr;
        if (!factory) return false;
        for (size_t index : plan_.routers) {
            const Router& router = plan_.reading.graph.routers()[index];
            if (router.isApp && router.function == factory) return true;
        }
        return false;
    }

    void serve(const Module& module, const Node& call, const Server& server, const Node& app) {
        std::string host = server.host, port = server.port, secured;
        size_t position = 0;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            if (argument.is("list_splat") || argument.is("dictionary_splat")) return plan_.refuse(module, call, "run-option", std::string(argument.text()));
            const bool named = argument.is("keyword_argument");
            std::string_view name = named ? argument.field("name").text() : position < server.positions.size() ? server.positions[position] : "";
            const Node value = named ? argument.field("value") : argument;
            if (!named) ++position;
            if (name == "hostname") name = "host";
            if (name == "host") host = value.is("none") ? host : std::string(value.text());
            else if (name == "ssl_context" && value.is("tuple") && value.namedChildCount() == 2)
                secured = ", ssl_certfile=" + std::string(value.namedChild(0).text()) + ", ssl_keyfile=" + std::string(value.namedChild(1).text());
            else if (name == "port") port = value.is("none") ? port : std::string(value.text());
            else if (!(value == app) && !server.dropped.count(name)) return plan_.refuse(module, call, "run-option", std::string(argument.text()));
        }
        plan_.claim(call.field("function"));
        plan_.claim(app);
        ModuleRewrite& rewrite = plan_.rewrite(module);
        const Node statement = call.parent();
        const std::string text = "uvicorn.run(" + std::string(app.text()) + ", host=" + host + ", port=" + port + secured + ")";
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

    /// `from waitress import serve`
    void dropImport(const Module& module, const Node& callee) {
        if (!callee.is("identifier") || isFlaskModule(module.imports.at(std::string(callee.text())).module)) return;
        ModuleRewrite& rewrite = plan_.rewrite(module);
        for (const Node& statement : module.tree->root().namedChildren()) {
            const bool isOnly = statement.is("import_from_statement") && statement.namedChildCount() == 2 && statement.namedChild(1).text() == callee.text();
            if (isOnly) plan_.later([&rewrite, statement] { rewrite.remove(statement); });
        }
    }

    Plan& plan_;
};

} // namespace

void planServing(Plan& plan) { ServingPlanner(plan).run(); }

} // namespace covet::rules::flask
