#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/store/exact/claims.h"
#include "rules/store/exact_lowering.h"

namespace covet::rules::exact {

using facts::FoundStore;
using facts::StoreReference;
using semantic::Function;

/// What the functions of a group share while their lowering is planned.
class GroupLowering {
public:
    GroupLowering(MigrationContext& context, const StorePlan& plan, const FunctionGroup& group,
                  std::vector<facts::StoreUse>& uses);

    /// Plans everything; false with `reason` when something is not understood.
    bool run(std::string& reason);

    void fail(const std::string& code);
    bool failed() const { return !reason_.empty(); }

    const FoundStore* storeOf(const StoreReference& reference) const;
    const schema::Table* tableOf(const FoundStore& store) const;
    const Module* moduleOf(const Function& function) const;
    /// The group's function that a call runs; nullptr if it runs none.
    const Function* calledBy(const Module& module, const Node& call) const;
    bool contains(const Function& function) const { return group.functions.count(&function) > 0; }
    /// Whether running it may change a store.
    bool writes(const Function& function) const { return writers_.count(&function) > 0; }
    /// Whether a helper ends its own transaction, because it is called in a `return`.
    bool commits(const Function& function) const { return committers_.count(&function) > 0; }
    /// Whether a handler and those that it calls or that call it share a transaction, since one of
    /// them writes: it is committed when the outermost ends.
    bool endsInOneTransaction(const Function& function) const { return shared_.count(&function) > 0; }
    /// Local name for something that queries need: a function of sqlalchemy or of the queries module,
    /// or a model. Imports are asked for when the plan is made.
    std::string name(const Module& module, const std::string& wanted);
    std::string model(const Module& module, const schema::Table& table);
    /// Imports asked for after a point can be taken back when what needed them is not written.
    size_t importMark() const { return imports_.size(); }
    void dropImports(size_t mark) { imports_.resize(mark); }
    void setUse(const StoreReference& reference, const char* op, bool inPython = false);

    MigrationContext& context;
    const StorePlan& plan;
    const FunctionGroup& group;
    Claims claims;

private:
    bool entryPointsHaveSessions();
    void findWriters();
    void findSharedTransactions();
    /// A handler that writes must not wait between uses of a store that stays in memory.
    void refuseMemory();
    void carryAsync();
    void makeImports();
    std::string import(const Module& module, const std::string& from, const std::string& wanted,
                       const std::string& fallback);
    std::string sessionAnnotation(const Module& module);

    std::vector<facts::StoreUse>& uses_;
    std::map<const Function*, const Module*> modules_;
    std::vector<const Function*> ordered_; // those of the group, by module and position: the first reason is the one that is told
    std::set<const Function*> writers_, committers_, shared_;
    struct Import {
        const Module* module = nullptr;
        int rank = 0; // standard library, packages, the project's own
        std::string from, name, alias;
        bool operator<(const Import& other) const;
    };
    std::vector<Import> imports_;
    std::string reason_;
};

/// Whether an `await` may stand at a node inside an async function: not in a lambda, a nested
/// function or the lazy part of a generator expression.
bool awaitIsPossible(const Node& node);
/// `await CALL`, in parentheses where the surroundings bind tighter.
std::string awaited(const Node& node, const std::string& call);
/// The innermost simple or compound statement around a node, and whether nothing but the node is in it.
bool isWholeStatement(const Node& expression);
/// Text of a plain string literal; false for anything else.
bool constantText(const Node& node, std::string& out);

} // namespace covet::rules::exact
