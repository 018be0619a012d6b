#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/migration_context.h"

namespace covet::rules::http_server {

using semantic::Function;
using semantic::Module;

/// A method of a handler class that `http.server` calls, or a WSGI callable.
struct Entry {
    const Module* module = nullptr;
    const Function* function = nullptr;
    std::set<std::string> methods; // upper case, the ones it is called for; empty = any
};

/// Something that keeps an application as it is.
struct Refusal {
    const Module* module = nullptr;
    Node node;
    std::string reason; // code
    std::string hint;
};

/// What a program's server hands its requests to.
struct Served {
    bool isWsgi = false, isAsgi = false;
    const Module* module = nullptr;             // that defines it
    const semantic::Class* type = nullptr;      // handler class, or class of a WSGI object
    std::string name;                           // of the class, the function or the variable
    Node definition;                            // statement at the top level of `module`
    std::vector<std::pair<const Module*, const semantic::Class*>> classes; // `type` and its bases in the project
    std::vector<Entry> entries;
    std::vector<Refusal> refusals;
};

/// `HTTPServer(address, Handler)`, `make_server(host, port, application)`.
struct ServerSite {
    const Module* module = nullptr;
    Node call;
    std::vector<Node> address; // one expression, or host and port
    Node handler;              // as written at the module's level
    Served served;
    std::vector<Refusal> refusals;
};

/// A statement at a module's top level that starts the server.
struct Start {
    const Module* module = nullptr;
    Node statement;
    bool isGuarded = false; // by `if __name__ == "__main__"`
};

/// Whether a class of the project is a handler of `http.server`.
bool isHandlerClass(const semantic::Project& project, const Module& module, const semantic::Class& type);
/// The class with its methods, and what keeps it from being served from memory.
Served servedClass(const semantic::Project& project, const Module& module, const semantic::Class& type);
/// Makes coroutines of methods that call each other as handlers do, so that they can be awaited.
/// Adds refusals where that cannot be done; does nothing then.
void awaitEntryCalls(MigrationContext& context, Served& served, bool apply);

/// All places where a program makes a server for a handler class or a WSGI callable.
std::vector<ServerSite> findServers(const semantic::Project& project);
/// The statements that run when a module is executed and that get to a server.
std::vector<Start> startsOf(const semantic::Project& project, const std::vector<const ServerSite*>& sites);
/// A statement that puts handlers into tables while the program gets to its server, and can do it at import.
struct Registration {
    const Module* module = nullptr;
    Node statement;
    Node before; // the top-level statement in front of which it belongs
    std::string text;
};
/// Refuses what is only set while the program gets to its server, but for what can be moved to the top level.
void readStartState(const semantic::Project& project, const std::vector<Start>& starts, std::vector<Refusal>& refusals,
                    std::vector<Registration>& moved);
/// `if __name__ == "__main__":`
bool isMainBlock(const Node& statement);
/// Statement at the top level of its module around a node.
Node topLevel(const Node& node);

/// Paths that the code of an entry compares, as routes: for reports and tests, not for rewriting.
std::vector<std::string> pathsOf(const semantic::Project& project, const Entry& entry);
/// Methods that the code of a WSGI callable compares; "GET" if there are none.
std::set<std::string> methodsOf(const semantic::Project& project, const Entry& entry);

/// Methods and paths beside the functions of tables of routes, and in what registers functions: for tests, too.
std::vector<std::pair<std::string, std::string>> tableRoutes(const semantic::Project& project);
/// The text of a string without interpolations.
bool textOf(const Node& node, std::string& out);
/// `^/items/(?P<id>\d+)/?$` as `/items/{id}`; "" for what is no path.
std::string pathOfRegex(const std::string& pattern);
/// The same for the templates that routers of applications have: `/items/<int:id>`, `/items/:id`.
std::string templateOf(const std::string& text, bool isRegex);

/// What a call of the generated module, `serve_asgi(app, callable)`, serves; a null module if that is not found.
Served servedBy(const semantic::Project& project, const Module& module, const Node& call);
/// Whether an earlier phase has put an ASGI callable behind an application.
bool isServed(const semantic::Project& project, const Function& callable);

/// An ASGI callable that the frontend of hand-rolled applications does not understand whole.
struct OpenCallable {
    const Module* module = nullptr; // where it is defined
    const Function* function = nullptr;
    std::string name;             // attribute that serves: "app"
    const Module* home = nullptr; // where the attribute is
    Node instance;                // `app = Router()` of a class
    std::string reason, detail;   // code: why its routes cannot be taken apart
};

/// Puts such a callable behind an application of the target. What cannot be put there is reported.
void serveOpenCallable(MigrationContext& context, const OpenCallable& open);

/// Handlers and routes of what is served; `reason`: why it is not rewritten, "" when it is.
void record(MigrationContext& context, const Served& served, const std::string& reason, const std::string& framework = "");

/// What the generated module has to be able to serve.
enum class Serving { Handlers, Wsgi, Asgi };
/// Name (without ".py") of the generated module.
std::string servingModule(const MigrationContext& context);
/// Generates it, with what it was asked for before.
void generateServing(MigrationContext& context, Serving wanted);
/// A name for the application that nothing in the module uses.
std::string freeApplicationName(const Module& module);

} // namespace covet::rules::http_server
