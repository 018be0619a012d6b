#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/legacy/handler_rewrite.h"
#include "rules/legacy/part_text.h"

namespace covet::rules::legacy {

/// Whether `await` cannot stand at a node: a lambda, generator or function is between it and the body.
bool awaitForbidden(const Node& node, const Node& body);

/// Whether an expression is assigned to, in part or as a whole, or deleted.
bool isStoreTarget(const Node& node);

/// Works out the rewrite of one handler, or of a decorator's wrapper around handlers.
class HandlerPlanner {
public:
    HandlerPlanner(MigrationContext& context, const HandlerCode& code, AppPlan& app)
        : context_(context)
        , code_(code)
        , app_(app)
        , shape_(code.shape ? *code.shape : *app.shape) {}
    HandlerPlan plan();

private:

    struct Access {
        Node node;
        Value value;
    };

    HandlerPlan refused(const std::string& reason, const std::string& detail);
    bool fail(const std::string& reason, const std::string& detail);
    bool yields() const;
    void collectNames();
    void chooseRequestName();
    std::vector<Node> usesOf(const std::string& name) const;
    bool rebinds(const std::string& name) const;

    // handler_parameters.cpp
    bool bindParameters();
    bool passesOn(const Node& use) const;
    bool awaitTarget();
    bool bindParameter(const std::string& name, const Value& value);
    PartNames partNames() const { return {requestName_, "exc", code_.pathTail, code_.pathPrefix, code_.module}; }
    bool isWritable(const Value& value);
    bool partAccess(const Node& use, const Value& value, std::vector<Access>& out);
    bool whole(const std::string& name, const Value& value);
    static bool holdsJson(const Value& value);

    // handler_rewrite.cpp
    void parseEarly();
    void guard();
    bool mentionsTail(const Value& value) const;

    // handler_accesses.cpp
    void rewriteGlobals();
    void replace(const Node& node, const std::string& text);
    void settleAwaits();
    std::string freeName(std::vector<std::string> candidates);
    bool isFree(const std::string& name);
    static Node keyOf(const Access& access);
    void writeParams(const Access& access);
    void addPathParameter(const std::string& name);

    MigrationContext& context_;
    const HandlerCode& code_;
    AppPlan& app_;
    const DispatchShape& shape_;
    HandlerPlan plan_;
    std::map<std::string, std::vector<Node>> names_;
    std::vector<std::string> old_;
    std::set<std::string> kept_;
    std::string requestName_;
    std::vector<Access> accesses_;
    std::vector<Node> tableUses_;
    std::vector<Node> passed_;
    bool tailUsed_ = false;
};

} // namespace covet::rules::legacy
