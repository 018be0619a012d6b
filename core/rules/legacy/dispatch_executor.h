#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/legacy/registration.h"
#include "rules/legacy/symbols.h"
#include "support/copy_on_write.h"

namespace covet::rules::legacy {

/// Executes an ASGI callable symbolically, for an HTTP request: every way through it, with what it
/// hands to the functions of the registries and what it sends. Helper functions are gone through as
/// if they were written in place.
class DispatchExecutor {
public:
    DispatchExecutor(const Project& project, const std::vector<Registry>& registries);

    std::vector<DispatchPath> run(const Module& module, const Function& callable);
    /// Helper functions that were gone through.
    const std::set<const Function*>& inlined() const { return inlined_; }
    /// Registries that were read.
    const std::set<std::string>& registriesRead() const { return read_; }
    /// More ways than can be looked at.
    bool overflow() const { return overflow_; }

    /// Functions in functions that are gone through.
    static constexpr int kMaxInline = 6;

private:
    using Env = std::map<std::string, Value>;
    struct State {
        // Shared by the ways that go on from here, until one of them changes it.
        CopyOnWrite<Env> env;
        CopyOnWrite<DispatchPath> path;
        int tries = 0;
    };
    struct Result {
        State state;
        Value value;
        bool raised = false;
    };
    using Results = std::vector<Result>;
    enum class How { Next, Break, Continue, Return, Raise };
    struct Flow {
        State state;
        How how = How::Next;
        Value value;
    };
    using Flows = std::vector<Flow>;
    struct Frame {
        const Module* module = nullptr;
        const Function* function = nullptr;
        int depth = 0;
    };
    struct Branch {
        State state;
        bool truth = false;
        bool raised = false;
        Value value;
    };
    using Branches = std::vector<Branch>;

    // dispatch_statements.cpp
    Flows block(const Frame& frame, const Node& block, State state);
    Flows sequence(const Frame& frame, const std::vector<Node>& statements, State state);
    Flows statement(const Frame& frame, const Node& node, State state);
    void localImport(const Node& node, State& state);
    Flows ifStatement(const Frame& frame, const Node& node, State state);
    Flows tryStatement(const Frame& frame, const Node& node, State state);

    // dispatch_assignments.cpp
    Flows assign(const Frame& frame, const Node& node, State state);
    bool bind(const Frame& frame, const Node& target, const Value& value, State& state);

    // dispatch_loops.cpp
    Flows loop(const Frame& frame, const Node& node, State state);
    Flows receiveLoop(const Frame& frame, const Node& node, State state);
    void bindLoop(const Frame& frame, const Node& target, const Value& iterated, State& state);
    bool appendTo(const Frame& frame, const Node& node, State& state);
    bool headerLoop(const Frame& frame, const Node& node, const Value& source, State& state);

    // dispatch_expressions.cpp
    Results eval(const Frame& frame, const Node& node, State state);
    Results evalAll(const Frame& frame, const std::vector<Node>& nodes, State state, std::vector<std::vector<Value>>& values);
    Results identifier(const Frame& frame, const Node& node, State state);
    Results attribute(const Frame& frame, const Node& node, State state);
    Value global(const Module& module, const std::string& name);
    bool isFormula(const Frame& frame, const std::vector<Node>& parts, const State& state);

    // dispatch_parts.cpp
    Results subscript(const Frame& frame, const Node& node, State state);
    Results dictionary(const Frame& frame, const Node& node, State state);
    Results comprehension(const Frame& frame, const Node& node, State state);
    Value partOf(const Frame& frame, const Value& base, const Value& key, const Node& node, const State& state);

    // dispatch_conditions.cpp
    Branches condition(const Frame& frame, const Node& node, State state);
    Branches comparison(const Frame& frame, const Node& node, State state);
    Branches decide(Condition question, State state);
    Branches truthOf(const Value& value, const Node& node, State state);
    Branches equality(const Value& left, const Value& right, bool negated, const Node& node, State state);

    // dispatch_calls.cpp
    Results call(const Frame& frame, const Node& node, State state);
    Results callHandler(const Node& node, HandlerCall call, State state);
    Results callFunction(const Frame& frame, const Module& module, const Function& function, const Node& node,
                         const std::vector<Value>& positional,
                         const std::vector<std::pair<std::string, Value>>& keywords, const Value& self, State state);

    // dispatch_methods.cpp
    bool methodCall(const Frame& frame, const Node& node, const Value& object, const std::string& method,
                    const std::vector<Value>& arguments, Value& out, State& state);
    bool libraryCall(const Frame& frame, const Node& node, const std::string& name, const std::vector<Value>& arguments,
                     const std::vector<std::pair<std::string, Value>>& keywords, Value& out, State& state);
    Value parsedJson(const Value& argument) const;
    Value matched(const std::string& method) const;
    const Function* methodOf(const Value& object, const std::string& name, const Module** home) const;

    // dispatch_objects.cpp
    Results construct(const Frame& frame, const Value& type, const Node& node, const std::vector<Value>& positional,
                      const std::vector<std::pair<std::string, Value>>& keywords, State state);
    Results construct(const Frame& frame, const semantic::Class& type, const Value& made, const std::vector<Value>& positional,
                      const std::vector<std::pair<std::string, Value>>& keywords, State state);
    Value withMethods(const Frame& frame, const Module& module, const Value& instance);

    /// Whether instances of a class, "module:Class", hold a registry.
    bool ownsRegistry(const std::string& owner) const {
        if (owner.empty()) return false;
        auto first = registryIds_.lower_bound(owner + ".");
        return first != registryIds_.end() && first->compare(0, owner.size() + 1, owner + ".") == 0;
    }
    bool isRegistry(const std::string& id) const { return registryIds_.count(id) > 0; }
    bool within(const Flows& flows);
    Results just(State state, Value value);

    const Project& project_;
    std::set<std::string> registryIds_;
    std::set<std::string> read_;
    std::set<const Function*> inlined_;
    bool overflow_ = false;
    size_t steps_ = 0;
};

} // namespace covet::rules::legacy
