#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/legacy/app_rewrite.h"
#include "rules/legacy/removal.h"

namespace covet::rules::legacy {

/// Routes of one site that share a path.
struct SiteRoute {
    std::string path;
    std::vector<std::string> methods;
};

/// Whether requests of a method come with a body; "" is any method.
bool takesBody(const std::string& method);

/// The rewrite of one application, in steps that touch nothing until all of them have found a way.
class AppRewriter {
public:
    AppRewriter(MigrationContext& context, LegacyApp& app)
        : context_(context)
        , project_(context.project())
        , app_(app) {}
    void run();

private:
    bool fail(const std::string& reason, const std::string& detail);
    bool isClass() const { return app_.registry && !app_.registry->className.empty(); }
    bool place();
    bool checkRoutes();
    static std::string shapeOfPath(const std::string& path);
    static bool shadows(const std::string& pattern, const std::string& exact);

    // app_removals.cpp
    void gone(const Module& module, const Node& statement) { removed_.push_back({&module, statement}); }
    const Module* moduleOf(const Function& function) const;
    bool planRemovals();
    void removeRequestClasses();
    bool onlyRegisters(const Module& module, const Function& function);
    bool isSite(const Module& module, const Node& node) const;
    bool checkRegistryUses();

    // app_handlers.cpp and inline_routes.cpp
    static bool meets(const std::string& a, const std::string& b) { return a.empty() || b.empty() || a == b; }
    bool overlaps(const InlineRoute& route) const;
    static bool covers(const InlineRoute& route, const std::string& path, bool inPart);
    bool checkInlineOrder();
    bool planInline();
    static bool sameArguments(const std::vector<const InlineRoute*>& list);
    void registerInline(const InlineRoute& route, const Function& function, const HandlerCode& code, bool decorates);
    bool planHandlers();
    bool planWrapper(HandlerCode& handler, const Node& expression);
    bool decoratesHandler(const Reference& reference) const;
    bool checkFunction(HandlerCode& code);
    bool planEndpoints();

    // app_sites.cpp
    std::string appIn(const Module& module, const Node& callee);
    void importApp(const Module& module);
    static std::vector<SiteRoute> routesAt(const std::vector<const Registration*>& registrations);
    std::string handlerName(const Registration& one);
    void planSites();
    void decorator(const Registration& one, const std::vector<const Registration*>& registrations);
    std::string addRoute(const std::string& app, const SiteRoute& route, const std::string& handler);
    ModuleRewrite::Render lambdaText(const Registration& one, const std::string& name, const std::string& after);
    void call(const Registration& one, const std::vector<const Registration*>& registrations);
    std::string handlerText(const Registration& one);
    void entry(const Registration& one);

    // app_claims.cpp
    void apply();
    void noteRemovedClasses();
    void applyHandler(HandlerCode& code, HandlerPlan& plan);
    void applyCode(HandlerCode& code, HandlerPlan& plan);
    void applyDefinition();
    void insertLines(ModuleRewrite& rewrite, const Node& after);
    void applyCallable();
    void remove(const Removed& piece);
    void dropImports();

    MigrationContext& context_;
    const Project& project_;
    LegacyApp& app_;
    AppPlan plan_;
    std::vector<Removed> removed_;
    std::vector<std::pair<const Module*, const semantic::Class*>> removedClasses_;
    std::vector<std::pair<HandlerCode, HandlerPlan>> handlers_;
    std::vector<std::pair<HandlerCode, HandlerPlan>> wrappers_; // of decorators around them
    std::map<const void*, HandlerPlan> lambdas_;
    HandlerPlan endpoints_;
    std::vector<std::string> lines_;
    std::vector<std::function<void()>> actions_;
    std::vector<ModuleRewrite::Render> entries_;
    std::set<std::string> usedNames_;
    Node replacedCallable_;
    Node firstInline_; // before it the application object is made
    std::vector<std::function<void()>> decorations_;
    std::set<const InlineRoute*> decorated_;
    std::vector<std::unique_ptr<DispatchShape>> inlineShapes_;
};

} // namespace covet::rules::legacy
