#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/migration_context.h"
#include "semantic/test_modules.h"

namespace covet::rules {

using semantic::isTestModule;

/// Which function of the project may run which other one.
///
/// An edge is a call, a function named as a value (it may be called by whoever gets it), a function
/// defined inside another one, a decorator, or a method of an object whose class is known. Where the
/// class is not known, every method of that name counts; `getattr(self, name)` may be any method of
/// the class. Functions that another rule has taken out of the program and functions of tests are
/// not in it.
class CallGraph {
public:
    /// `apart`: statements that are looked at on their own, so that they are no part of their functions.
    explicit CallGraph(MigrationContext& context, std::vector<Node> apart = {});

    const std::set<const semantic::Function*>& calledBy(const semantic::Function& function) const;
    const std::set<const semantic::Function*>& callersOf(const semantic::Function& function) const;
    bool contains(const semantic::Function& function) const { return functions_.count(&function) > 0; }
    const semantic::Module& moduleOf(const semantic::Function& function) const;
    const semantic::Project& project() const { return project_; }
    /// The function and everything it may run.
    std::set<const semantic::Function*> reachableFrom(const semantic::Function& function) const;
    /// What the function itself may run, without the handlers that it defines: it only registers those.
    std::set<const semantic::Function*> ranBy(const semantic::Function& function) const;
    /// Functions that a piece of code outside of functions names.
    std::set<const semantic::Function*> namedIn(const semantic::Module& module, const Node& code) const;
    /// Whether a node stands in one of the statements that are looked at on their own.
    bool isApart(const Node& node) const;
    /// All functions with their modules, in the order of the project's files: the first obstacle is the one that is told.
    const std::vector<std::pair<const semantic::Function*, const semantic::Module*>>& functions() const { return inOrder_; }

private:
    void index();
    void indexServerTables();
    void connect(const semantic::Module& module, const semantic::Function& function);
    void namedBy(const semantic::Module& module, const semantic::Function* within, const Node& node,
                 std::set<const semantic::Function*>& out, bool withHandlers = true) const;
    void methodsOf(const semantic::Module& module, const semantic::Function* within, const Node& attribute,
                   std::set<const semantic::Function*>& out) const;
    /// What Python calls for `len(object)`, `key in object`, `object[key]`...
    void operatorsOf(const std::string& owner, std::set<const semantic::Function*>& out) const;
    bool mayBeOwnObject(const semantic::Module& module, const semantic::Function* within, const Node& name,
                        int steps) const;
    bool givesOwnObject(const semantic::Module& module, const semantic::Function* within, Node value, int steps) const;
    bool isOutOfTable(const semantic::Module& module, const semantic::Function* within, const Node& value, int steps) const;
    const semantic::Function* method(const std::string& classId, const std::string& name) const;

    const semantic::Project& project_;
    const std::vector<Handler>& handlers_;
    std::vector<Node> apart_;
    std::set<const void*> handlerNodes_; // their definitions, with decorators
    std::map<const semantic::Function*, const semantic::Module*> functions_; // looked up alone
    std::vector<std::pair<const semantic::Function*, const semantic::Module*>> inOrder_;
    std::map<std::string, std::set<const semantic::Function*>> methodsByName_;
    bool hasOperators_ = false;
    std::map<std::pair<const semantic::Module*, std::string>, std::set<const semantic::Function*>> tables_;
    std::map<const semantic::Function*, std::set<const semantic::Function*>> calls_, callers_;
};

} // namespace covet::rules
