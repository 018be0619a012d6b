#pragma once

#include "rules/store/obstacles.h"

namespace covet::rules {

/// What runs the functions of an application that stays on its framework while its data moves.
///
/// A middleware opens the stores for every request, so nothing in a request is in the way: not its decorators,
/// not its classes, not what calls it. Left are functions that the program calls when it starts, and those
/// that something else than a request may call.
class KeptFramework {
public:
    KeptFramework(const MigrationContext& context, const CallGraph& graph, const StoreAccess& access);

    /// Functions that a piece of code calls when it runs and that touch stores before they return: not handlers
    /// that it only registers.
    std::set<const semantic::Function*> touchingAtOnce(const semantic::Module& module, const Node& code) const;
    /// All functions that run before a piece of code has ended.
    std::set<const semantic::Function*> runAtOnce(const semantic::Module& module, const Node& code) const;
    /// Functions that open the stores themselves: commands, jobs, callbacks of extensions.
    const std::set<const semantic::Function*>& entries() const { return entries_; }
    /// Whether the application has locks of its own.
    bool hasLocks() const { return hasLocks_; }
    /// Whether the requests of some application that stays may run code of the module.
    bool serves(const semantic::Module& module) const;
    /// Functions that cannot open the stores, and factories that touch them.
    void obstacles(const StartCode& start, Obstacles& found) const;

private:
    void findServed();
    void findEntries();
    void findLocks();
    bool touchesAtOnce(const semantic::Function& function, std::set<const semantic::Function*>& seen) const;
    std::set<const semantic::Function*> calledAtOnce(const semantic::Module& module, const Node& code) const;
    bool isView(const semantic::Module& module, const semantic::Function& function) const;

    const MigrationContext& context_;
    const CallGraph& graph_;
    const StoreAccess& access_;
    std::set<const semantic::Function*> served_, entries_;
    bool hasLocks_ = false;
    const semantic::Module* waitingModule_ = nullptr;
    Node waiting_; // what lets one request wait for another one
};

/// Opens the stores around the requests of the applications that stay, and says so.
void openAroundRequests(MigrationContext& context, const CallGraph& graph, const KeptFramework& kept);

} // namespace covet::rules
