#include <algorithm>

#include "rules/frameworks/http_server/server_app.h"
#include "rules/store/call_graph.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::http_server {
namespace {

using semantic::Class;
using semantic::Project;
using semantic::Symbol;

bool isLibraryServer(const std::string& name) {
    static constexpr Words kServers = {"http.server.HTTPServer", "http.server.ThreadingHTTPServer", "socketserver.TCPServer",
                                       "socketserver.ThreadingTCPServer"};
    return kServers.count(name) > 0;
}

/// `class Server(ThreadingMixIn, HTTPServer): daemon_threads = True`
bool isPlainServerClass(const Project& project, const Module& module, const Class& type) {
    bool serves = false;
    for (const Node& base : type.node.field("superclasses").namedChildren()) {
        const Symbol& symbol = project.resolve(module, base);
        const bool server = symbol.kind == Symbol::Kind::External && isLibraryServer(symbol.name);
        if (!server && !endsWith(std::string(base.text()), "ThreadingMixIn")) return false;
        serves = serves || server;
    }
    for (const Node& statement : type.node.field("body").namedChildren()) {
        const Node inner = statement.is("expression_statement") ? statement.namedChild(0) : statement;
        if (!inner.is("assignment") && !inner.is("string") && !inner.is("pass_statement") && !inner.is("ellipsis") && !inner.is("comment")) return false;
    }
    return serves;
}

class SiteReader {
public:
    SiteReader(const Project& project, const Module& module) : project_(project), module_(module) {}

    void read(std::vector<ServerSite>& sites) {
        syntax::walk(module_.tree->root(), [&](const Node& node) {
            if (node.is("call")) call(node, sites);
            return true;
        });
    }

private:
    /// The expression behind a parameter that is never given: `def run(handler_class=Handler)`.
    Node behindDefault(const Node& node, bool& given) const {
        if (!node.is("identifier") || project_.resolve(module_, node).kind != Symbol::Kind::Local) return node;
        const Function* function = module_.enclosingFunction(node);
        if (!function) return node; // of a comprehension at module level
        int position = 0;
        for (const Node& parameter : function->node.field("parameters").namedChildren()) {
            const bool defaulted = parameter.is("default_parameter") || parameter.is("typed_default_parameter");
            if (defaulted && parameter.field("name").text() == node.text()) {
                given = given || isGiven(*function, std::string(node.text()), position);
                return parameter.field("value");
            }
            ++position;
        }
        return node;
    }

    bool isGiven(const Function& function, const std::string& name, int position) const {
        for (const auto& module : project_.modules()) {
            auto calls = module->calls.find(function.name);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second) {
                int index = 0;
                for (const Node& argument : call.field("arguments").namedChildren()) {
                    if (argument.is("keyword_argument") ? argument.field("name").text() == name : index++ == position) return true;
                    if (argument.is("dictionary_splat") || argument.is("list_splat")) return true;
                }
            }
        }
        return false;
    }

    void call(const Node& node, std::vector<ServerSite>& sites) {
        bool given = false;
        const Symbol& callee = project_.resolve(module_, behindDefault(node.field("function"), given));
        const bool wsgi = callee.kind == Symbol::Kind::External && callee.name == "wsgiref.simple_server.make_server";
        bool server = callee.kind == Symbol::Kind::External && isLibraryServer(callee.name);
        if (callee.kind == Symbol::Kind::Class)
            if (const Class* type = callee.module->classNamed(callee.name)) server = isPlainServerClass(project_, *callee.module, *type);
        if (!wsgi && !server) return;
        std::vector<Node> arguments;
        bool plain = !given;
        for (const Node& argument : node.field("arguments").namedChildren()) {
            if (argument.is("comment")) continue;
            plain = plain && !argument.is("keyword_argument") && !argument.is("list_splat") && !argument.is("dictionary_splat");
            arguments.push_back(argument);
        }
        const size_t expected = wsgi ? 3 : 2;
        ServerSite site;
        site.module = &module_;
        site.call = node;
        if (arguments.size() < expected) return;
        if (!plain || arguments.size() > expected) site.refusals.push_back({&module_, node, "server-option", "give the server its address and handler only"});
        site.address.assign(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(expected - 1));
        given = false;
        site.handler = behindDefault(arguments[expected - 1], given);
        if (given) site.refusals.push_back({&module_, node, "dynamic-handler", "the handler class is chosen by a caller"});
        if (wsgi ? callable(site) : handlerClass(site)) sites.push_back(std::move(site));
    }

    bool handlerClass(ServerSite& site) const {
        const Symbol& symbol = project_.resolve(module_, site.handler);
        const Class* type = symbol.kind == Symbol::Kind::Class ? symbol.module->classNamed(symbol.name) : nullptr;
        if (!type || !isHandlerClass(project_, *symbol.module, *type)) return false;
        site.served = servedClass(project_, *symbol.module, *type);
        return true;
    }

    /// A function, or an object of a class with `__call__`.
    bool callable(ServerSite& site) const {
        const Symbol& symbol = project_.resolve(module_, site.handler);
        Served& served = site.served;
        served.isWsgi = true;
        served.module = symbol.module;
        served.name = symbol.name;
        const Function* function = symbol.kind == Symbol::Kind::Function ? symbol.module->function(symbol.name) : nullptr;
        if (function) {
            served.definition = topLevel(function->node);
        } else if (symbol.kind == Symbol::Kind::Variable && symbol.module->assignments.count(symbol.name)) {
            const std::vector<Node>& made = symbol.module->assignments.at(symbol.name);
            Node value = made.front().is("assignment") ? made.front().field("right") : made.front().namedChild(0).field("right");
            const Symbol type = value.is("call") ? project_.resolve(*symbol.module, value.field("function")) : Symbol{};
            if (made.size() != 1 || type.kind != Symbol::Kind::Class) return false;
            served.type = type.module->classNamed(type.name);
            served.definition = topLevel(made.front());
            function = type.module->function(type.name + ".__call__");
            if (served.type && function) served.entries.push_back({type.module, function, {}});
        }
        if (!function) return false;
        if (served.entries.empty()) served.entries.push_back({symbol.module, function, {}});
        return true;
    }

    const Project& project_;
    const Module& module_;
};

} // namespace

bool isMainBlock(const Node& statement) {
    return statement.is("if_statement") && statement.field("condition").text().find("__name__") != std::string_view::npos;
}

Node topLevel(const Node& node) {
    Node at = node;
    while (at.parent() && !at.parent().is("module")) at = at.parent();
    return at;
}

std::vector<ServerSite> findServers(const Project& project) {
    std::vector<ServerSite> sites;
    for (const auto& module : project.modules())
        if (!isTestModule(*module)) SiteReader(project, *module).read(sites);
    return sites;
}

std::vector<Start> startsOf(const Project& project, const std::vector<const ServerSite*>& sites) {
    std::set<std::pair<const Module*, const Function*>> reaching;
    std::vector<Start> starts;
    // A server that is only made, at the top level, does nothing yet.
    auto note = [&](const Module& module, const Node& node, bool blocks) {
        if (const Function* function = module.enclosingFunction(node)) return reaching.insert({&module, function}).second;
        const Node statement = topLevel(node);
        for (const Start& start : starts)
            if (start.module == &module && start.statement == statement) return false;
        starts.push_back({&module, statement, !blocks || isMainBlock(statement)});
        return true;
    };
    auto callsOf = [&](const std::string& name, const auto& visit) {
        for (const auto& module : project.modules()) {
            if (isTestModule(*module)) continue;
            auto calls = module->calls.find(name);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second) visit(*module, call);
        }
    };
    callsOf("serve_forever", [&](const Module& module, const Node& call) { note(module, call, true); });
    for (const ServerSite* site : sites) note(*site->module, site->call, false);
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& reached : std::set<std::pair<const Module*, const Function*>>(reaching))
            callsOf(reached.second->name, [&](const Module& module, const Node& call) {
                const Symbol& symbol = project.resolve(module, call.field("function"));
                const bool isIt = symbol.kind == Symbol::Kind::Function && symbol.module == reached.first && symbol.name == reached.second->qualified;
                const bool mayBe = !reached.second->className.empty() && call.field("function").is("attribute") &&
                                   symbol.kind != Symbol::Kind::Function && symbol.kind != Symbol::Kind::External;
                if (isIt || mayBe) changed = note(module, call, true) || changed;
            });
    }
    std::stable_sort(starts.begin(), starts.end(), [](const Start& a, const Start& b) {
        return a.module != b.module ? a.module->path() < b.module->path() : a.statement.start() < b.statement.start();
    });
    return starts;
}

} // namespace covet::rules::http_server
