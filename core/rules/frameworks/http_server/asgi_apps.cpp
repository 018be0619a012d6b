// Before:  async def app(scope, receive, send): ...
// After:   async def app_callable(scope, receive, send): ...
//          app = CovetApp()
//          serve_asgi(app, app_callable)
// Safe: the callable runs as it is, on a request and an answer in memory. Left alone is what needs more than that:
// start-up code in the callable, WebSockets, answers without an end.

#include <algorithm>

#include "rules/frameworks/http_server/server_app.h"
#include "semantic/test_modules.h"
#include "support/strings.h"

namespace covet::rules::http_server {
namespace {

using semantic::isTestModule;
using semantic::Symbol;

/// `uvicorn.run(app)`, `uvicorn.Config("main:app")`, `hypercorn.asyncio.serve(app, config)`
bool runsServer(const semantic::Project& project, const Module& module, const Node& call) {
    static const std::set<std::string_view> kServers = {"uvicorn.run", "uvicorn.Config", "uvicorn.main.run", "uvicorn.config.Config",
                                                        "hypercorn.asyncio.serve", "hypercorn.trio.serve"};
    if (!call.is("call")) return false;
    const Symbol symbol = project.resolve(module, call.field("function"));
    return symbol.kind == Symbol::Kind::External ? kServers.count(symbol.name) > 0 : kServers.count(call.field("function").text()) > 0;
}

/// A loop without an end that sends: the answer goes on for as long as the client listens.
bool isEndless(const Node& node) {
    if (!node.is("while_statement") || (node.field("condition").text() != "True" && node.field("condition").text() != "1")) return false;
    bool sends = false, ends = false;
    syntax::walk(node.field("body"), [&](const Node& inner) {
        sends = sends || (inner.is("string_content") && inner.text() == "http.response.body");
        ends = ends || inner.is("break_statement") || inner.is("return_statement");
        return true;
    });
    return sends && !ends;
}

/// Code that runs when the server starts or stops, beside what the protocol asks for: nothing would run it.
bool doesMoreAtStart(const Module& module) {
    const auto isProtocol = [](const Node& call) {
        const std::string_view callee = call.field("function").text();
        static const std::set<std::string_view> kProtocol = {"receive", "send", "print", "self.receive", "self.send", "RuntimeError", "NotImplementedError"};
        return kProtocol.count(callee) > 0 || endsWith(callee, ".get") || startsWith(callee, "log");
    };
    // `await self.lifespan(receive, send)` that does no more than the protocol.
    const auto answersOnly = [&](const Node& call) {
        const Node callee = call.field("function");
        const std::string_view name = callee.is("attribute") ? callee.field("attribute").text() : callee.text();
        for (const Function& function : module.functions) {
            if (function.name != name) continue;
            bool only = true;
            syntax::walk(function.node.field("body"), [&](const Node& inner) {
                only = only && !(inner.is("call") && !isProtocol(inner)) && !(inner.is("assignment") && !inner.field("left").is("identifier"));
                return only;
            });
            return only;
        }
        return false;
    };
    bool found = false;
    syntax::walk(module.tree->root(), [&](const Node& node) {
        if (found || !node.isOneOf({"if_statement", "elif_clause", "case_clause"})) return !found;
        Node question = node.field("condition");
        const bool isCase = node.is("case_clause");
        std::string_view asked = isCase ? node.text().substr(0, node.text().find(':')) : question.text();
        const bool other = asked.find("type") != std::string_view::npos && asked.find("\"http\"") != std::string_view::npos && asked.find("!=") != std::string_view::npos;
        if (asked.find("lifespan") == std::string_view::npos && !other) return true;
        syntax::walk(node.field("consequence"), [&](const Node& inner) {
            found = found || (inner.is("call") && !isProtocol(inner) && !answersOnly(inner)) || (inner.is("assignment") && !inner.field("left").is("identifier"));
            return !found;
        });
        return !found;
    });
    return found;
}

class AsgiApp {
public:
    AsgiApp(MigrationContext& context, const OpenCallable& open)
        : context_(context)
        , project_(context.project())
        , open_(open)
        , home_(*open.home) {}

    void run() {
        Served served;
        served.isAsgi = true;
        served.module = open_.module;
        served.name = open_.name;
        served.entries.push_back({open_.module, open_.function, {}});
        std::string reason = obstacle();
        if (reason.empty()) reason = readUses();
        record(context_, served, reason);
        if (!reason.empty()) return refuse(reason);
        rewrite();
    }

private:
    std::string obstacle() const {
        static const std::set<std::string_view> kFinal = {"lifespan-code", "several-instances", "already-migrated"};
        const Function& function = *open_.function;
        if (kFinal.count(open_.reason)) return open_.reason;
        if (function.isNested || function.decorated.is("decorated_definition")) return "nested-callable";
        if (!function.className.empty() && (!open_.instance || !(topLevel(open_.instance) == open_.instance))) return "no-instance";
        if (context_.target().plainResponse.name.empty()) return "target-not-supported";
        if (home_.tree->root().hasError() || open_.module->tree->root().hasError()) return "syntax-error";
        if (doesMoreAtStart(*open_.module)) return "lifespan-code";
        std::string found;
        for (const auto& module : project_.modules())
            if (!isTestModule(*module))
                syntax::walk(module->tree->root(), [&](const Node& node) {
                    if (node.is("string_content") && node.text() == "websocket.accept") found = "websocket";
                    if (isEndless(node)) found = "endless-answer";
                    return found.empty();
                });
        return found;
    }

    bool isIt(const Module& module, const Node& name) const {
        const Symbol symbol = project_.resolve(module, name);
        const Symbol::Kind kind = open_.instance ? Symbol::Kind::Variable : Symbol::Kind::Function;
        return symbol.kind == kind && symbol.module == &home_ && symbol.name == open_.name;
    }

    /// Where servers get the application, and whether something else uses its name.
    std::string readUses() {
        for (const auto& module : project_.modules()) {
            const bool test = isTestModule(*module);
            for (const Node& name : module->tree->identifiers(open_.name)) {
                if (name == open_.function->node.field("name") || name.ancestor({"import_from_statement", "import_statement"})) continue;
                const bool attribute = name.parent().is("attribute") && name.parent().field("attribute") == name;
                const Node use = attribute ? name.parent() : name;
                if (!isIt(*module, use)) continue;
                const Node argument = use.parent();
                const Node call = argument.is("keyword_argument") ? argument.parent().parent() : argument.parent();
                if (argument.isOneOf({"argument_list", "keyword_argument"}) && runsServer(project_, *module, call)) {
                    if (const std::string reason = startsOnImport(call); !reason.empty()) return reason;
                    servers_.emplace_back(module.get(), use);
                } else if (!test) {
                    isUsed_ = true;
                }
            }
            auto assigned = module->assignments.find(open_.name);
            if (module.get() == &home_ && assigned != module->assignments.end() && (!open_.instance || assigned->second.size() > 1)) return "wrapped-callable";
            for (const char* server : {"run", "Config", "serve"}) {
                auto calls = module->calls.find(server);
                if (calls == module->calls.end()) continue;
                for (const Node& call : calls->second) {
                    const Node first = call.field("arguments").namedChild(0);
                    if (!first.is("string") || !runsServer(project_, *module, call)) continue;
                    if (const std::string reason = startsOnImport(call); !reason.empty()) return reason;
                    if (endsWith(first.text().substr(0, first.text().size() - 1), ":" + open_.name)) strings_.emplace_back(module.get(), first);
                }
            }
        }
        return "";
    }

    static std::string startsOnImport(const Node& call) {
        const Node statement = topLevel(call);
        return isMainBlock(statement) || statement.isOneOf({"function_definition", "decorated_definition", "class_definition"}) ? "" : "starts-when-imported";
    }

    void rewrite() {
        const catalog::TargetProfile& target = context_.target();
        ModuleRewrite& rewrite = context_.rewrite(home_);
        const bool renames = !open_.instance && !isUsed_;
        std::string name = open_.name, served = open_.name;
        if (renames) {
            served = freeName(name + "_callable");
            rewrite.replace(open_.function->node.field("name"), served);
        } else {
            name = freeApplicationName(home_);
            for (const auto& [module, node] : servers_) server(*module, node, name);
            for (const auto& [module, node] : strings_) {
                const std::string text(node.text());
                const size_t at = text.rfind(":" + open_.name);
                context_.rewrite(*module).replace(node, text.substr(0, at + 1) + name + text.substr(at + 1 + open_.name.size()));
            }
        }
        rewrite.requireImport(target.application.module, target.application.name);
        rewrite.requireImport(context_.importPath(home_, servingModule(context_)), "serve_asgi");
        generateServing(context_, Serving::Asgi);
        std::vector<std::string> lines = {name + " = " + target.application.name + "()", "serve_asgi(" + name + ", " + served + ")"};
        place(rewrite, lines);

        facts::App app;
        app.where = {home_.path(), open_.function->node.line()};
        app.module = home_.name;
        app.attribute = open_.name;
        app.framework = target.legacyFramework;
        app.attribute = name;
        app.framework = target.framework;
        context_.migratedApps.push_back(app);
        Finding& finding = context_.report(*open_.module, open_.function->node.field("name"), "COV108", open_.name);
        finding.safetyReason = "bridged";
        finding.hint = "its code runs as it is, behind one route for every path (" + open_.reason +
                       "); routes that are registered before it take over from it";
    }

    /// Where everything is defined that a server finds when it starts.
    void place(ModuleRewrite& rewrite, std::vector<std::string> lines) const {
        const std::vector<Node> statements = home_.tree->root().namedChildren();
        Node last;
        for (const Node& statement : statements) {
            if (isMainBlock(statement)) {
                lines.insert(lines.end(), {"", ""});
                return rewrite.insertBefore(statement, lines);
            }
            if (!statement.is("comment")) last = statement;
        }
        if (last.isOneOf({"function_definition", "class_definition", "decorated_definition"})) lines.insert(lines.begin(), {"", ""});
        rewrite.insertAfter(last, lines);
    }

    void server(const Module& module, const Node& node, const std::string& name) {
        ModuleRewrite& rewrite = context_.rewrite(module);
        if (node.is("attribute")) {
            rewrite.replace(node.field("attribute"), name);
            return;
        }
        rewrite.replace(node, name);
        if (&module == &home_) return;
        for (const Node& imported : module.tree->identifiers(open_.name))
            if (const Node statement = imported.ancestor({"import_from_statement"}))
                rewrite.requireImport(std::string(statement.field("module_name").text()), name);
        rewrite.dropImportIfUnused(open_.name);
    }

    std::string freeName(std::string name) const {
        while (!home_.tree->identifiers(name).empty()) name += "_";
        return name;
    }

    void refuse(const std::string& reason) {
        if (reason == "already-migrated") return;
        // It goes on answering requests itself, without a session.
        const std::string subject = open_.name + (open_.detail.empty() ? "" : " (" + open_.detail + ")");
        Finding& finding = context_.report(*open_.module, open_.function->node.field("name"), "COV105", subject);
        finding.safetyReason = reason;
        if (reason != open_.reason) finding.hint = "its routes cannot be taken apart either: " + open_.reason;
    }

    MigrationContext& context_;
    const semantic::Project& project_;
    const OpenCallable& open_;
    const Module& home_;
    std::vector<std::pair<const Module*, Node>> servers_, strings_;
    bool isUsed_ = false; // by more than servers
};

} // namespace

void serveOpenCallable(MigrationContext& context, const OpenCallable& open) { AsgiApp(context, open).run(); }

} // namespace covet::rules::http_server
