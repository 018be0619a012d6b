#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/migration_context.h"
#include "rules/store/call_graph.h"
#include "semantic/project_host.h"

namespace covet::rules {

/// An application, blueprint, router or API object that routes hang on.
struct Router {
    const semantic::Module* module = nullptr;
    const semantic::Function* function = nullptr; // made inside of it; nullptr at module level
    std::string name;                             // variable, or attribute ("self.app" -> "app")
    std::string kind;                             // class that was called: "flask.Flask"
    std::string prefix;
    bool isApp = false;
    bool isDerived = false; // of a class of the project, whose base is `kind`
    Node creation; // the call
};

/// A route as its framework registers it, before prefixes.
struct RouteSite {
    size_t router = 0;
    const semantic::Module* module = nullptr;
    Node site;                                     // decorator or call
    std::vector<std::string> methods;              // upper case
    std::string path;                              // `{name}` syntax
    std::string handler;                           // "index", "Items.get", "" for lambdas
    const semantic::Function* function = nullptr;  // of the handler
};

/// What becomes of the applications of a graph.
struct Publication {
    bool rewritten = false;  // their handlers are served by the target afterwards
    bool isTarget = false;   // they are on the target already: nothing is said about them
    std::string reason = "framework-not-covered"; // why they are not rewritten
    std::string detail = {};
};

/// Routers of one framework, how they are mounted on each other, and the routes on them.
///
/// A frontend finds routers and routes; the graph resolves the expressions that denote them and
/// multiplies routes by the prefixes under which their routers are mounted.
class RouterGraph {
public:
    RouterGraph(MigrationContext& context, std::string framework);

    /// Adds every `x = Class(...)` whose class `accept` knows by its full name. `accept` fills kind,
    /// prefix and isApp.
    template <typename Accept> void findRouters(Accept&& accept);
    size_t add(Router router);
    /// Index of the router that an expression denotes; -1 if unknown. Follows imports, attributes,
    /// factories that return a router, and parameters by their name.
    int resolve(const semantic::Module& module, const Node& expression) const;
    /// `replaces`: the prefix stands instead of the child's own one, as in Flask.
    void mount(size_t parent, size_t child, const std::string& prefix, bool replaces = false);
    void addRoute(RouteSite route) { routes_.push_back(std::move(route)); }

    /// The only application, for routes on objects that cannot be told; -1 if there are none or many.
    int onlyApp() const;
    const std::vector<Router>& routers() const { return routers_; }
    const std::vector<RouteSite>& routes() const { return routes_; }
    Router& router(size_t index) { return routers_[index]; }

    /// Text of a constant expression; "" with `known` false when it cannot be told.
    std::string text(const semantic::Module& module, const Node& expression, bool* known = nullptr) const;
    /// Texts of a constant list, tuple or set of strings.
    std::vector<std::string> texts(const semantic::Module& module, const Node& expression) const;

    /// Hands applications, routes and handlers over to the context.
    void publish(const Publication& as = {});
    /// The same with a decision for each module.
    void publish(const std::function<Publication(const semantic::Module&)>& decide);

private:
    struct Mount {
        size_t parent;
        size_t child;
        std::string prefix;
        bool replaces;
    };
    void nameOutside(const Router& router, facts::App& app) const;
    bool holdsApplication(const semantic::Module& module, const semantic::Function& function, const std::string& name) const;
    bool isGivenApplication(const semantic::Function& function, const std::string& name) const;
    bool isMadeByFactory(const semantic::Module& module, const Node& call) const;
    int byName(const semantic::Module* module, const std::string& name) const;
    std::vector<std::string> prefixesOf(size_t router, int depth = 0) const;

    MigrationContext& context_;
    std::string framework_;
    std::vector<Router> routers_;
    std::vector<Mount> mounts_;
    std::vector<RouteSite> routes_;
    mutable semantic::ProjectHost host_;
    std::unique_ptr<syntax::LiteralEvaluator> evaluator_;
    mutable std::map<std::pair<const void*, std::string>, bool> holders_; // local names of functions; only asked for
};

/// Text in ASCII capitals, as methods are written.
std::string upperCase(std::string_view text);
/// The argument of a call by keyword, or by position (-1 = keyword only); null if absent.
Node argumentOf(const Node& call, std::string_view keyword, int position = -1);
/// The function that a handler expression names; nullptr if it is none of the project.
const semantic::Function* functionOf(const semantic::Project& project, const semantic::Module& module,
                                     const Node& expression);
/// The module in which a function is defined, wherever it is registered; nullptr for one of another project.
const semantic::Module* definingModule(const semantic::Project& project, const semantic::Function& function);
/// Full name of the library's class that a class is, or that the project's class is made of; "" if it is made of none.
std::string libraryClass(const semantic::Project& project, const semantic::Symbol& type, int depth = 0);
/// The function a decorator stands on; nullptr on a class.
const semantic::Function* decoratedFunction(const semantic::Module& module, const Node& decorator);
/// "a" + "b" with exactly the slashes of the parts; never a double one at the seam.
std::string joinPaths(const std::string& prefix, const std::string& path);

template <typename Accept> void RouterGraph::findRouters(Accept&& accept) {
    for (const auto& module : context_.project().modules()) {
        if (isTestModule(*module)) continue;
        syntax::walk(module->tree->root(), [&](const Node& node) {
            if (!node.is("assignment")) return true;
            Node call = node.field("right");
            if (call.is("await")) call = call.namedChild(0);
            if (!call.is("call")) return true;
            const semantic::Symbol& symbol = context_.project().resolve(*module, call.field("function"));
            Router router;
            router.kind = libraryClass(context_.project(), symbol);
            if (router.kind.empty()) return true;
            router.module = module.get();
            router.function = module->enclosingFunction(node);
            router.isDerived = symbol.kind == semantic::Symbol::Kind::Class;
            router.creation = call;
            Node target = node.field("left");
            router.name = std::string(target.is("attribute") ? target.field("attribute").text() : target.text());
            if (accept(*module, router)) add(std::move(router));
            return true;
        });
    }
}

} // namespace covet::rules
