// Before:  class Api(BaseHTTPRequestHandler): ...        HTTPServer(("", 8000), Api).serve_forever()
// After:   the class stays; app = CovetApp(); serve_handler(app, Api)
//          ApplicationServer(app, ("", 8000)).serve_forever()
// Safe: the methods run as they are, on a request and an answer in memory; the generated module does what
// http.server does around them. Only an answer that never came becomes an error of the framework.
#include <algorithm>

#include "rules/frameworks/frameworks.h"
#include "rules/frameworks/http_server/server_app.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules {
namespace http_server {
namespace {

/// `if __name__ == "__main__":` around a statement that would run when the module is imported.
std::string guarded(const ModuleRewrite& rewrite, const Node& statement) {
    std::string text;
    size_t at = statement.start();
    const std::string_view source = statement.text();
    for (uint32_t i = 0; i < statement.childCount(); ++i) {
        const Node child = statement.child(i);
        text += source.substr(at - statement.start(), child.start() - at);
        text += rewrite.render(child);
        at = child.end();
    }
    text += source.substr(at - statement.start());
    return "if __name__ == \"__main__\":\n" + rewrite.indentUnit() +
           replaceAll(std::move(text), "\n", "\n" + rewrite.indentUnit());
}

/// What stands behind a server that runs for ever was never reached, and would run once the start is guarded.
Node codeBehind(const Start& start) {
    bool behind = false;
    for (const Node& statement : start.module->tree->root().namedChildren()) {
        if (statement == start.statement) {
            behind = true;
            continue;
        }
        if (!behind || statement.is("comment") || isMainBlock(statement)) continue;
        const Node call = statement.is("expression_statement") ? statement.namedChild(0) : Node{};
        const std::string callee(call.is("call") ? call.field("function").text() : "");
        if (callee != "print" && !endsWith(callee, ".server_close") && !endsWith(callee, ".shutdown") && !call.is("string"))
            return statement;
    }
    return {};
}

class Frontend {
public:
    explicit Frontend(MigrationContext& context) : context_(context), project_(context.project()) {}

    void run() {
        std::vector<ServerSite> sites = findServers(project_);
        std::map<std::string, std::vector<ServerSite*>> groups; // by path of the module that makes the server
        for (ServerSite& site : sites) {
            served_.insert(site.served.type);
            groups[site.module->path()].push_back(&site);
        }
        for (const auto& group : groups) application(group.second);
        servedAlready();
        for (const auto& module : project_.modules()) {
            if (isTestModule(*module)) continue;
            for (const semantic::Class& type : module->classes)
                if (!served_.count(&type) && isHandlerClass(project_, *module, type) && !isBase(type)) unserved(*module, type);
        }
    }

private:
    void application(const std::vector<ServerSite*>& sites) {
        ServerSite& first = *sites.front();
        Served& served = first.served;
        std::vector<Refusal> refusals;
        for (const ServerSite* site : sites) {
            refusals.insert(refusals.end(), site->refusals.begin(), site->refusals.end());
            if (site->served.type != served.type || site->served.name != served.name)
                refusals.push_back({site->module, site->call, "several-servers", "one application for each module"});
        }
        if (!served.isWsgi) awaitEntryCalls(context_, served, false);
        refusals.insert(refusals.end(), served.refusals.begin(), served.refusals.end());
        placement(first, refusals);
        std::vector<const ServerSite*> all(sites.begin(), sites.end());
        const std::vector<Start> starts = startsOf(project_, all);
        for (const Start& start : starts) {
            if (start.isGuarded) continue;
            if (hasLongString(start.statement))
                refusals.push_back({start.module, start.statement, "starts-when-imported", "start the server under if __name__ == \"__main__\""});
            if (const Node behind = codeBehind(start))
                refusals.push_back({start.module, behind, "code-behind-server", "it never ran: remove it, or start the server under if __name__ == \"__main__\""});
        }
        std::vector<Registration> moved;
        readStartState(project_, starts, refusals, moved);
        uses(first, refusals);
        const bool rewritten = refusals.empty();
        facts::App app;
        const Module& startModule = starts.empty() ? *first.module : *starts.front().module;
        app.where = {startModule.path(), startModule.source.lineOf(starts.empty() ? first.call.start() : starts.front().statement.start())};
        app.module = startModule.name;
        app.attribute = served.name;
        app.framework = served.isWsgi ? "wsgi" : "http.server";
        if (served.isWsgi) {
            app.module = served.module->name;
            app.where = {served.module->path(), served.definition.line()};
        }
        context_.apps.push_back(app);
        if (rewritten) {
            registerAtImport(moved);
            app.attribute = rewrite(sites, starts);
            app.module = first.module->name;
            app.where = {first.module->path(), first.call.line()};
            app.framework = context_.target().framework;
            context_.migratedApps.push_back(app);
        } else {
            const Refusal& reason = refusals.front();
            Finding& finding = context_.report(*first.module, first.call, "COV105", "http.server");
            finding.safetyReason = reason.reason;
            finding.hint = "see " + reason.module->path() + ":" + std::to_string(reason.module->source.lineOf(reason.node.start())) +
                           (reason.hint.empty() ? "" : ": " + reason.hint);
        }
        record(context_, served, rewritten ? "" : refusals.front().reason);
    }

    /// Handlers that the program put into tables on its way to the server.
    void registerAtImport(const std::vector<Registration>& moved) {
        std::map<const void*, std::pair<const Registration*, std::vector<std::string>>> lines; // by the statement behind them, which is only asked for
        std::vector<const void*> order;
        for (const Registration& one : moved) {
            auto& entry = lines[one.before.id()];
            if (!entry.first) order.push_back(one.before.id());
            entry.first = &one;
            entry.second.push_back(one.text);
            ModuleRewrite& rewrite = context_.rewrite(*one.module);
            const std::vector<Node> all = one.statement.parent().namedChildren();
            const bool isLast = std::count_if(all.begin(), all.end(), [&](const Node& other) { return !other.is("comment") && !rewrite.isRemoved(other); }) == 1;
            if (isLast) rewrite.replace(one.statement, "pass");
            else rewrite.remove(one.statement);
        }
        for (const void* before : order) {
            auto& [one, text] = lines[before];
            const bool defines = !one->before.is("if_statement");
            text.emplace_back();
            if (defines) text.emplace_back();
            context_.rewrite(*one->module).insertBefore(one->before, text);
        }
    }

    /// The application is made in front of the statement that makes the server: what it serves has to be there.
    void placement(const ServerSite& site, std::vector<Refusal>& refusals) const {
        const Node statement = topLevel(site.call);
        const Served& served = site.served;
        if (served.module == site.module && served.definition.start() > statement.start())
            refusals.push_back({site.module, site.call, "defined-later", "define the handler above the code that serves it"});
        Node root = site.handler;
        while (root.is("attribute")) root = root.field("object");
        if (project_.resolve(*site.module, root).kind == semantic::Symbol::Kind::Local ||
            project_.resolveGlobal(*site.module, std::string(root.text())).kind == semantic::Symbol::Kind::Unknown)
            refusals.push_back({site.module, site.handler, "nested-import", "import the handler at the top of the module"});
        if (site.module->tree->root().hasError() || served.module->tree->root().hasError())
            refusals.push_back({site.module, site.call, "syntax-error", ""});
    }

    static bool hasLongString(const Node& statement) {
        bool found = false;
        syntax::walk(statement, [&](const Node& node) {
            found = found || (node.is("string") && node.text().find('\n') != std::string_view::npos);
            return !found;
        });
        return found;
    }

    /// What the program does with its server beside running it.
    void uses(const ServerSite& site, std::vector<Refusal>& refusals) const {
        Node holder = site.call.parent();
        std::string name;
        if (holder.is("assignment") && holder.field("left").is("identifier")) name = holder.field("left").text();
        if (holder.is("as_pattern")) {
            syntax::walk(holder.field("alias"), [&](const Node& node) {
                if (node.is("identifier")) name = node.text();
                return true;
            });
        }
        static constexpr Words kKnown = {"serve_forever", "server_close", "shutdown", "server_address", "server_name", "server_port",
                                         "allow_reuse_address", "daemon_threads", "timeout"};
        for (const auto& module : project_.modules())
            syntax::walk(module->tree->root(), [&](const Node& node) {
                if (!node.is("attribute") || isTestModule(*module)) return true;
                const std::string_view attribute = node.field("attribute").text();
                const bool own = module.get() == site.module && !name.empty() && node.field("object").text() == name;
                const bool calls = node.parent().is("call") && node.parent().field("function") == node;
                if (own && !kKnown.count(attribute)) refusals.push_back({module.get(), node, "server-use", std::string(node.text())});
                if ((attribute == "serve_forever" && !calls) || attribute == "handle_request")
                    if (own || node.field("object") == site.call)
                        refusals.push_back({module.get(), node, "server-use", std::string(node.text())});
                return true;
            });
    }

    std::string rewrite(const std::vector<ServerSite*>& sites, const std::vector<Start>& starts) {
        ServerSite& first = *sites.front();
        const Module& module = *first.module;
        ModuleRewrite& rewrite = context_.rewrite(module);
        const catalog::TargetProfile& target = context_.target();
        const std::string name = freeApplicationName(module);
        const std::string serve = first.served.isWsgi ? "serve_wsgi" : "serve_handler";
        const std::string from = context_.importPath(module, servingModule(context_));
        rewrite.requireImport(target.application.module, target.application.name);
        rewrite.requireImport(from, serve);
        rewrite.requireImport(from, "ApplicationServer");
        std::vector<std::string> lines = {name + " = " + target.application.name + "()", serve + "(" + name + ", " + std::string(first.handler.text()) + ")", ""};
        const Node statement = topLevel(first.call);
        if (statement.is("function_definition") || statement.is("class_definition") || statement.is("decorated_definition")) lines.emplace_back();
        rewrite.insertBefore(statement, lines);
        for (const ServerSite* site : sites) {
            const std::vector<Node> address = site->address;
            rewrite.replace(site->call, [address, name](const ModuleRewrite& out) {
                std::string text = out.render(address[0]);
                if (address.size() > 1) text = "(" + text + ", " + out.render(address[1]) + ")";
                return "ApplicationServer(" + name + ", " + text + ")";
            });
            for (const char* imported : {"HTTPServer", "ThreadingHTTPServer", "make_server", "TCPServer", "socketserver", "ThreadingTCPServer"})
                rewrite.dropImportIfUnused(imported);
        }
        for (const Start& start : starts) {
            if (start.isGuarded) continue;
            const Node node = start.statement;
            context_.rewrite(*start.module).replace(node, [node](const ModuleRewrite& out) { return guarded(out, node); });
        }
        if (!first.served.isWsgi) awaitEntryCalls(context_, first.served, true);
        generateServing(context_, first.served.isWsgi ? Serving::Wsgi : Serving::Handlers);
        Finding& finding = context_.report(module, first.call, "COV108", first.served.name);
        finding.safetyReason = "bridged";
        finding.hint = "its code runs as it is, behind one route for every path; routes that are registered before it take over from it";
        return name;
    }

    /// What an earlier phase has put behind an application: handlers for the phase that moves the data.
    void servedAlready() {
        for (const auto& module : project_.modules())
            for (const char* name : {"serve_handler", "serve_wsgi", "serve_asgi"}) {
                const auto calls = module->calls.find(name);
                if (calls == module->calls.end()) continue;
                for (const Node& call : calls->second) {
                    const Served served = servedBy(project_, *module, call);
                    if (!served.module || (served.type && !served_.insert(served.type).second)) continue;
                    record(context_, served, "", context_.target().framework);
                }
            }
    }

    /// Other handler classes derive from it.
    bool isBase(const semantic::Class& type) const {
        for (const auto& module : project_.modules())
            for (const semantic::Class& other : module->classes)
                for (const std::string& base : other.bases)
                    if (&other != &type && (base == type.name || endsWith(base, "." + type.name))) return true;
        return false;
    }

    void unserved(const Module& module, const semantic::Class& type) {
        facts::App app;
        app.where = {module.path(), type.node.line()};
        app.module = module.name;
        app.attribute = type.name;
        app.framework = "http.server";
        context_.apps.push_back(std::move(app));
        Finding& finding = context_.report(module, type.node, "COV105", "http.server");
        finding.safetyReason = "no-server";
        finding.hint = "no server that is made with this class was found";
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    std::set<const semantic::Class*> served_;
};

} // namespace

} // namespace http_server

void findHttpServers(MigrationContext& context) { http_server::Frontend(context).run(); }

} // namespace covet::rules
