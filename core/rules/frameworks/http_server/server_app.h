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
    bool isWsgi = false;
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
/// `if __name__ == "__main__":`
bool isMainBlock(const Node& statement);
/// Statement at the top level of its module around a node.
Node topLevel(const Node& node);

/// Paths that the code of an entry compares, as routes: for reports and tests, not for rewriting.
std::vector<std::string> pathsOf(const semantic::Project& project, const Entry& entry);
/// Methods that the code of a WSGI callable compares; "GET" if there are none.
std::set<std::string> methodsOf(const semantic::Project& project, const Entry& entry);

/// Name (without ".py") and text of the generated module.
std::string servingModule(const MigrationContext& context);
std::string servingText(const MigrationContext& context, bool handlers, bool wsgi);

} // namespace covet::rules::http_server
