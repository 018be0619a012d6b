// before  app = CovetPy(debug=True)                 after  app = CovetApp(); keep_covet_rules(app,
// debug=True)
//         @app.route("/x/<int:i>", method="PUT")           @app.put("/x/{i}")
//         async def put(request, i): ...                   @covet_handler(i=int)
//         router = CovetRouter()                           router = RouteGroup()
//         app.include_router(router, prefix="/p")          router.register(app, prefix="/p")
//
// Safe: the generated module gives handlers the request that they know and sends what they return
// as the package documents it. Handlers keep their code, but for the data.

#include <algorithm>

#include "rules/frameworks/published/published.h"
#include "semantic/module_index.h"
#include "support/strings.h"
#include "support/words.h"

namespace covet::rules::published {
namespace {

class Move {
public:
    Move(MigrationContext& context, Reading& reading)
        : context_(context), target_(context.target()), reading_(reading), graph_(reading.graph) {}

    void run() {
        for (const Router& router : graph_.routers())
            creation(router);
        for (const Site& site : reading_.sites)
            route(site);
        for (const Use& use : reading_.uses)
            rewrite(use);
        for (const Site& site : reading_.sites)
            if (site.function) handler(*site.function, site.rule.forms);
        for (const Use& use : reading_.uses)
            if (use.kind == Use::Kind::ErrorHandler && use.function) handler(*use.function, {});
        for (const auto& module : context_.project().modules())
            if (!isTestModule(*module)) names(*module);
        if (needsHelper_)
            context_.generatedFiles[context_.generatedPath(helperName(context_))] = helperText(target_);
    }

private:
    /// What the generated module offers, under its name in a module.
    std::string support(const Module& module, const std::string& wanted) {
        needsHelper_ = true;
        const auto imported = module.imports.find(wanted);
        const bool taken =
            module.assignments.count(wanted) || module.function(wanted) ||
            module.classNamed(wanted) ||
            (imported != module.imports.end() && !isPackage(imported->second.module));
        context_.rewrite(module).requireImport(context_.importPath(module, helperName(context_)), wanted,
                                               taken ? "covet_" + wanted : "");
        return (taken ? "covet_" : "") + wanted;
    }

    static std::string list(const ModuleRewrite& inner, const std::vector<Node>& arguments,
                            const std::string& first = "") {
        std::string text = first;
        for (const Node& argument : arguments)
            text += (text.empty() ? "" : ", ") + inner.render(argument);
        return "(" + text + ")";
    }

    // -- applications and routers
    // ------------------------------------------------------------------

    void creation(const Router& router) {
        const Module& module = *router.module;
        ModuleRewrite& rewrite = context_.rewrite(module);
        const Node call = router.creation;
        if (!router.isApp) {
            const std::string group = support(module, "RouteGroup");
            rewrite.replace(call.field("function"), group);
            return;
        }
        const std::string variable(call.parent().field("left").text());
        std::vector<std::string> left, lines;
        std::string debug;
        Node middleware, routes;
        for (const Node& argument : call.field("arguments").namedChildren()) {
            const std::string keyword(argument.is("keyword_argument")
                                          ? argument.field("name").text()
                                          : std::string_view("debug"));
            const Node value = argument.is("keyword_argument") ? argument.field("value") : argument;
            if (keyword == "debug")
                debug = value.is("false") ? "" : ", debug=" + std::string(value.text());
            else if (keyword == "middleware")
                middleware = value;
            else if (keyword == "router")
                routes = value;
            else if (keyword != "enable_lifespan")
                left.push_back(keyword);
        }
        lines.push_back(support(module, "keep_covet_rules") + "(" + variable + debug + ")");
        if (middleware)
            for (const Node& one : middleware.namedChildren())
                lines.push_back(support(module, "add_middleware") + "(" + variable + ", " +
                                std::string(one.text()) + ")");
        if (routes) lines.push_back(std::string(routes.text()) + ".register(" + variable + ")");
        rewrite.requireImport(target_.application.module, target_.application.name);
        rewrite.replace(
            call,
            target_.application.name +
                (target_.bringsSessions() ? "(openapi_url=None, redirect_slashes=False)" : "()"));
        rewrite.insertAfter(call.parent().parent(), lines);
        context_.report(module, call, "COV108", variable);
        if (left.empty()) return;
        Finding& finding = context_.report(module, call, "COV109", variable);
        finding.safetyReason = "not-offered-by-target";
        finding.hint = "left out: " + join(left, ", ");
    }

    /// `app` of `app.router.add_route`
    std::string objectText(const Node& object) const {
        const bool isPart = object.is("attribute") && object.field("attribute").text() == "router";
        const int owner = isPart ? graph_.resolve(*currentModule_, object.field("object")) : -1;
        const bool inner = owner >= 0 && graph_.routers()[static_cast<size_t>(owner)].isApp;
        return std::string((inner ? object.field("object") : object).text());
    }

    // -- routes
    // ------------------------------------------------------------------------------------

    void route(const Site& site) {
        currentModule_ = site.module;
        const Module& module = *site.module;
        ModuleRewrite& rewrite = context_.rewrite(module);
        const std::string object = objectText(site.object), path = pythonQuote(site.rule.path);
        std::vector<std::string> quoted;
        for (const std::string& method : site.methods)
            quoted.push_back(pythonQuote(method));
        const std::string methods = "[" + join(quoted, ", ") + "]";
        context_.report(module, site.node, "COV102",
                        join(site.methods, ", ") + " " + site.rule.path);
        if (site.behind) {
            const Node decorator = site.node, behind = site.behind->decorated;
            const std::vector<std::string> lines{"", "",
                                                 object + "." + target_.addRouteMethod + "(" +
                                                     path + ", " + site.function->name +
                                                     ", methods=" + methods + ")"};
            rewrite.remove(decorator);
            rewrite.insertAfter(behind, lines);
            return;
        }
        if (site.isDecorator()) {
            const bool isApp = graph_.routers()[site.router].isApp;
            static constexpr Words kOfGroups = {"GET", "POST", "PUT", "DELETE"};
            const bool verb =
                site.methods.size() == 1 && (isApp ? target_.hasVerbDecorator(site.methods[0])
                                                   : kOfGroups.count(site.methods[0]) > 0);
            const std::string text =
                verb ? object + "." + toLower(site.methods[0]) + "(" + path + ")"
                     : object + "." + (isApp ? target_.routeMethod : "route") + "(" + path +
                           ", methods=" + methods + ")";
            rewrite.replace(site.call, text);
            return;
        }
        // A function of the project carries the decorator itself.
        const bool isOwn = site.function && site.function->className.empty();
        const std::string wrap = isOwn ? "" : support(module, "covet_handler");
        const std::string start = object + "." + target_.addRouteMethod + "(" + path + ", ";
        std::string forms;
        for (const auto& [name, form] : site.rule.forms)
            forms += ", " + name + "=" + form;
        const Node endpoint = site.endpoint;
        rewrite.replace(site.node, [=](const ModuleRewrite& inner) {
            const std::string given = inner.render(endpoint);
            return start + (wrap.empty() ? given : wrap + "(" + given + forms + ")") +
                   ", methods=" + methods + ")";
        });
    }

    void handler(const Function& function, const std::map<std::string, std::string>& forms) {
        if (!function.className.empty() || !done_.insert(&function).second) return;
        const Module* home = definingModule(context_.project(), function);
        if (!home) return;
        ModuleRewrite& rewrite = context_.rewrite(*home);
        Handler probe{home, &function, "covet", true, ""};
        for (const Site& site : reading_.sites)
            if (site.function == &function && site.isDecorator())
                probe.routeDecorators.push_back(site.node);
        for (const Use& use : reading_.uses)
            if (use.function == &function && use.node.is("decorator"))
                probe.routeDecorators.push_back(use.node);
        std::string arguments;
        for (const auto& [name, form] : forms)
            arguments += (arguments.empty() ? "" : ", ") + name + "=" + form;
        const Node below = belowRoutes(probe);
        const std::string name = support(*home, "covet_handler");
        rewrite.wrap(below,
                     "@" + name + (arguments.empty() ? "" : "(" + arguments + ")") + "\n" +
                         rewrite.indentOf(below),
                     "");
        // Other code wants what the function returns, not the answer that is made of it.
        for (const auto& module : context_.project().modules()) {
            const auto calls = module->calls.find(function.name);
            if (calls == module->calls.end()) continue;
            for (const Node& call : calls->second)
                if (functionOf(context_.project(), *module, call.field("function")) == &function)
                    context_.rewrite(*module).wrap(call.field("function"), "", ".plain");
        }
        for (Handler& known : context_.handlers)
            if (known.function == &function) known.callsArePlain = true;
    }

    // -- everything else
    // ---------------------------------------------------------------------------

    void rewrite(const Use& use) {
        currentModule_ = use.module;
        const Module& module = *use.module;
        ModuleRewrite& rewrite = context_.rewrite(module);
        const std::string object = objectText(use.object);
        const Node node = use.node, inner = node.is("decorator") ? node.namedChild(0) : node;
        const std::vector<Node> given =
            inner.is("call") ? inner.field("arguments").namedChildren() : std::vector<Node>{};
        switch (use.kind) {
        case Use::Kind::Event:
            return;
        case Use::Kind::ErrorHandler:
            return;
        case Use::Kind::Include:
            return include(use, object);
        case Use::Kind::Middleware: {
            if (!given.empty() && nameOf(context_.project(), module, given[0]).kind == Kind::Cors) {
                rewrite.replace(node.field("function"), object + "." + target_.addMiddlewareMethod);
                return;
            }
            const std::string add = support(module, "add_middleware");
            rewrite.replace(
                node, [=](const ModuleRewrite& out) { return add + list(out, given, object); });
            return;
        }
        case Use::Kind::Around:
            rewrite.replace(inner, support(module, "around") + "(" + object + ")");
            return;
        case Use::Kind::Lifecycle: {
            const std::string text =
                object + "." + target_.lifecycleMethod + "(" + pythonQuote(use.event) + ")";
            if (node.is("decorator"))
                rewrite.replace(inner, text);
            else
                rewrite.replace(node,
                                [=](const ModuleRewrite& out) { return text + list(out, given); });
            return;
        }
        case Use::Kind::ErrorCall: {
            const std::string wrap = support(module, "covet_handler"),
                              text = object + "." + target_.exceptionHandlerMethod;
            const Node kind = argumentOf(node, "exc_class", 0),
                       function = argumentOf(node, "handler", 1);
            rewrite.replace(node, [=](const ModuleRewrite& out) {
                return text + "(" + out.render(kind) + ")(" + wrap + "(" + out.render(function) +
                       "))";
            });
            return;
        }
        case Use::Kind::Mount: {
            const std::string mount = support(module, "mount");
            rewrite.replace(
                node, [=](const ModuleRewrite& out) { return mount + list(out, given, object); });
            return;
        }
        case Use::Kind::Answer:
            rewrite.replace(
                node.field("function"),
                support(module, std::string(node.field("function").field("attribute").text())));
            return;
        case Use::Kind::Run:
            return run(use, object, given);
        }
    }

    /// `app.include_router(items, prefix="/x")` -> `items.register(app, prefix="/x")`
    void include(const Use& use, const std::string& object) {
        ModuleRewrite& rewrite = context_.rewrite(*use.module);
        const Node other = argumentOf(use.node, "router", 0),
                   prefix = argumentOf(use.node, "prefix", 1);
        const bool turned =
            use.node.field("function").field("attribute").text() == "include_router";
        const std::string named = objectText(other);
        rewrite.replace(use.node, [=](const ModuleRewrite& out) {
            std::string text =
                turned ? named + ".register(" + object : object + ".register(" + named;
            if (!prefix.isNull()) text += ", prefix=" + out.render(prefix);
            return text + ")";
        });
    }

    void run(const Use& use, const std::string& object, const std::vector<Node>& given) {
        ModuleRewrite& rewrite = context_.rewrite(*use.module);
        std::string host = "\"127.0.0.1\"", port = "8000", rest;
        int position = 0;
        for (const Node& argument : given) {
            const bool named = argument.is("keyword_argument");
            const std::string keyword(named ? argument.field("name").text()
                                            : std::string_view(position++ == 0 ? "host" : "port"));
            const std::string value((named ? argument.field("value") : argument).text());
            if (keyword == "host")
                host = value;
            else if (keyword == "port")
                port = value;
            else if (keyword != "debug" && keyword != "reload" && keyword != "workers")
                rest += ", " + keyword + "=" + value;
        }
        rewrite.insertBefore(use.node.parent(), {"import uvicorn"});
        rewrite.replace(use.node,
                        "uvicorn.run(" + object + ", host=" + host + ", port=" + port + rest + ")");
    }

    // -- names
    // -------------------------------------------------------------------------------------

    void names(const Module& module) {
        ModuleRewrite& rewrite = context_.rewrite(module);
        const auto importStatement = [&](const Node& statement) {
            semantic::forEachImported(
                module, statement,
                [&](const std::string& local, const semantic::ImportBinding& binding) {
                    const std::string last = binding.name;
                    const Name name = nameFor(last);
                    if (name.kind == Kind::Helper) {
                        needsHelper_ = true;
                        const std::string from = context_.importPath(module, helperName(context_));
                        rewrite.requireImport(from, last, local == last ? "" : local);
                    } else if (name.kind == Kind::Cors) {
                        rewrite.requireImport("starlette.middleware.cors", last,
                                              local == last ? "" : local);
                    }
                });
            rewrite.remove(statement);
        };
        syntax::walk(module.tree->root(), [&](const Node& node) {
            if (node.is("import_from_statement")) {
                if (isPackage(std::string(node.field("module_name").text()))) importStatement(node);
                return false;
            }
            if (node.is("import_statement")) {
                if (node.namedChildCount() == 1 &&
                    isPackage(std::string(node.namedChild(0).text())))
                    rewrite.remove(node);
                return false;
            }
            if (node.is("identifier") || node.is("attribute")) return replaceName(module, node);
            return true;
        });
    }

    /// False where the node is done with.
    bool replaceName(const Module& module, const Node& node) {
        const Node outer = node.parent();
        if (outer.is("keyword_argument") && outer.field("name") == node) return true;
        if (node.is("identifier") && outer.is("attribute") && outer.field("attribute") == node)
            return true;
        const Name name = nameOf(context_.project(), module, node);
        if (name.kind == Kind::None) return true;
        ModuleRewrite& rewrite = context_.rewrite(module);
        std::string text;
        if (name.kind == Kind::Application || name.kind == Kind::Assembly) {
            rewrite.requireImport(target_.application.module, target_.application.name);
            text = target_.application.name;
        } else if (name.kind == Kind::Group)
            text = support(module, "RouteGroup");
        else if (node.is("attribute")) {
            if (name.kind == Kind::Cors)
                rewrite.requireImport("starlette.middleware.cors", name.name);
            text = name.kind == Kind::Cors ? name.name : support(module, name.name);
        } else
            return true; // imported under the same name
        rewrite.replace(node, text);
        return false;
    }

    MigrationContext& context_;
    const catalog::TargetProfile& target_;
    Reading& reading_;
    RouterGraph& graph_;
    const Module* currentModule_ = nullptr;
    bool needsHelper_ = false;
    std::set<const Function*> done_;
};

} // namespace

void move(MigrationContext& context, Reading& reading) {
    Move(context, reading).run();
}

} // namespace covet::rules::published
