#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/frameworks/fastapi/fields.h"
#include "rules/frameworks/fastapi/names.h"
#include "rules/frameworks/router_graph.h"

namespace covet::rules::fastapi {

/// What keeps an application from being moved.
struct Refusal {
    const semantic::Module* module = nullptr;
    Node where;
    std::string reason; // code
    std::string detail;
};

/// Decides which modules with FastAPI code can be moved to a target of another framework.
///
/// Modules that import each other move together or not at all: a module that uses anything that the
/// target does not offer keeps all of them.
class Inspection {
public:
    Inspection(MigrationContext& context, const RouterGraph& graph);

    /// Null: the module and all that are connected with it can be moved.
    const Refusal* refusal(const semantic::Module& module) const;
    /// Names of FastAPI under which a module knows what is moved.
    const std::map<std::string, Name>& names(const semantic::Module& module) const {
        static const std::map<std::string, Name> kNone;
        auto found = names_.find(&module);
        return found == names_.end() ? kNone : found->second;
    }
    bool uses(const semantic::Module& module) const { return names_.count(&module) > 0; }

private:
    using Module = semantic::Module;
    void connect();
    const Module* rootOf(const Module* module) const;
    void inspectImports(const Module& module);
    /// Whether something but an import statement and code that makes documentation names an imported name.
    bool isUsed(const Module& module, const std::string& local) const;
    void inspectNames(const Module& module);
    void inspectName(const Module& module, const Node& node, const Name& name);
    void inspectRouters(const Module& module);
    // states.cpp: which application's state code means, where there are several
    void noteState(const Module& module, const Node& use, const Router* owner);
    const Router* stateOwner(const Module& module, const Node& application, const Router& router) const;
    const Router* servingApplication(const Module& module, const Node& use) const;
    void inspectStates();
    void inspectInclude(const Module& module, const Node& call);
    void inspectApplication(const Module& module, const Node& call, Kind kind);
    /// Keeps Starlette's class of a response that is used in a way that the target's has no match for.
    bool keepResponse(const Module& module, const Name& name);
    bool isInjected(const Module& module, const Node& annotation) const;
    void inspectRouteCall(const Module& module, const Node& call);
    bool includesWithGuards() const;
    void inspectRoute(const Module& module, const Node& call, bool onClass);
    void inspectGuards(const Module& module, const Node& node, const Router& router);
    void inspectLifespan(const Module& module, const Node& given);
    void refuse(const Module& module, const Node& where, const std::string& reason, const std::string& detail);

    MigrationContext& context_;
    const RouterGraph& graph_;
    mutable std::map<const Module*, const Module*> parents_;
    std::map<const Module*, std::map<std::string, Name>> names_;
    std::map<const Module*, Refusal> refusals_; // by root

    struct StateUse {
        const Module* module;
        Node use;
        const Router* owner; // null: it does not show
    };
    std::vector<StateUse> states_;
};

/// The dependencies of a whole application, as the items of a list; empty for routers and without any.
std::vector<Node> guardsOf(const Router& router);

/// Arguments of routes, routers and applications by what becomes of them: documentation is left out.
bool isDocumentation(std::string_view keyword);
/// Keywords of a route that the generated decorator takes.
bool isAnswerOption(std::string_view keyword);
} // namespace covet::rules::fastapi
