// What applications keep in their `state`. The helper has one for all of a project: two applications of one process
// would overwrite each other's.
#include <algorithm>

#include "rules/frameworks/fastapi/inspection.h"

namespace covet::rules::fastapi {

void Inspection::noteState(const Module& module, const Node& use, const Router* owner) { states_.push_back({&module, use, owner}); }

/// The application that a name stands for; one that only its type tells may be any of them.
const Router* Inspection::stateOwner(const Module& module, const Node& application, const Router& router) const {
    if (graph_.resolve(module, application) >= 0) return &router;
    const semantic::Function* function = module.enclosingFunction(application);
    const Router* found = nullptr;
    for (const Router& one : graph_.routers()) {
        if (!function || !one.isApp || one.module != &module || argumentOf(one.creation, "lifespan").text() != function->name) continue;
        if (found) return nullptr;
        found = &one;
    }
    return found;
}

/// The application on which the handler stands that asks for `request.app.state`.
const Router* Inspection::servingApplication(const Module& module, const Node& use) const {
    const semantic::Function* function = module.enclosingFunction(use);
    const Router* found = nullptr;
    for (const Node& decorator : function ? function->decorated.namedChildren() : std::vector<Node>{}) {
        const Node call = decorator.is("decorator") ? decorator.namedChild(0) : Node{};
        const Node callee = call.is("call") ? call.field("function") : Node{};
        const int router = callee.is("attribute") ? graph_.resolve(module, callee.field("object")) : -1;
        if (router >= 0 && graph_.routers()[static_cast<size_t>(router)].isApp) found = &graph_.routers()[static_cast<size_t>(router)];
    }
    return found;
}

void Inspection::inspectStates() {
    for (const StateUse& one : states_) {
        const Module* root = rootOf(one.module);
        const auto together = std::count_if(graph_.routers().begin(), graph_.routers().end(),
                                            [&](const Router& router) { return router.isApp && rootOf(router.module) == root; });
        if (together < 2) continue;
        const bool isOne = std::all_of(states_.begin(), states_.end(), [&](const StateUse& other) {
            return rootOf(other.module) != root || (other.owner && other.owner == one.owner);
        });
        if (!isOne) refuse(*one.module, one.use, "several-states", std::string(one.use.text().substr(0, 60)));
    }
}

} // namespace covet::rules::fastapi
