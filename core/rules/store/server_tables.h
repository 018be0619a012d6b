#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "semantic/project.h"

namespace covet::rules {
class CallGraph;
}

namespace covet::rules::tables {

using semantic::Function;
using semantic::Module;
using syntax::Node;

/// A variable, "ROUTES", or an attribute of a class, "Router.table", that functions are put into.
using Table = std::pair<const Module*, std::string>;

/// `ROUTES` in `ROUTES.append(...)` and `ROUTES[key] = ...`; `self.routes` in `self.routes = []`.
bool isFilled(const Node& table);

/// The table that an attribute is, `self.table` or `router.table`; a null module if it is none.
Table attributeTable(const semantic::Project& project, const Module& module, const Node& attribute);

/// Finds the tables that registering functions fill.
class Fillers {
public:
    explicit Fillers(const semantic::Project& project) : project_(project) {}

    /// Tables into which a call, or a decorator, of the project puts what it gets, itself or through functions it calls.
    const std::set<Table>& filledBy(const Module& module, const Node& callee);
    /// Whether a piece of code only hands a function to tables of routes, which others read.
    bool onlyRegisters(const CallGraph& graph, const Module& module, const Node& code, const Function& function);

private:
    const std::set<Table>& filled(const Module& home, const Function& function, int calls);

    const semantic::Project& project_;
    std::map<std::pair<const Function*, int>, std::set<Table>> known_;
    const std::set<Table> none_;
};

} // namespace covet::rules::tables
